"""Links lead somewhere, and no page names a place that only one machine has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    path
    for pattern in ("*.md", "docs/*.md", "design/*.md", "benchmarks/*.md")
    for path in ROOT.glob(pattern)
)
NAMES = [str(path.relative_to(ROOT)) for path in PAGES]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
MACHINE = re.compile(r"(?<![\w.])/(?:home|root|work|Users|opt|tmp|mnt)/|file://|simple/|pypi-")


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as a renderer makes them."""
    headings = re.findall(
        r"^#+ (.+)$", FENCE.sub("", page.read_text(encoding="utf-8")), re.MULTILINE
    )
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.strip().replace(" ", "-") for heading in plain}


@pytest.mark.parametrize("name", NAMES)
def test_every_link_of_a_page_leads_somewhere(name):
    page = ROOT / name
    for target in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
        if target.startswith(("https://", "http://", "mailto:")):
            continue
        path, _, anchor = target.partition("#")
        found = (page.parent / path).resolve() if path else page
        assert found.exists(), target
        if anchor:
            assert anchor in anchors(found), target


@pytest.mark.parametrize("name", NAMES)
def test_a_page_names_no_machine(name):
    assert not MACHINE.findall((ROOT / name).read_text(encoding="utf-8"))


def test_the_readme_leads_to_every_page_by_one_step_or_two():
    reached: set[Path] = set()
    ahead = [ROOT / "README.md"]
    for _ in range(2):
        step: list[Path] = []
        for page in ahead:
            for target in LINK.findall(page.read_text(encoding="utf-8")):
                path = (page.parent / target.partition("#")[0]).resolve()
                if path.suffix == ".md" and path not in reached:
                    reached.add(path)
                    step.append(path)
                if path.is_dir():
                    reached.update(path.glob("*.md"))
        ahead = step
    assert {path.resolve() for path in PAGES} - reached <= {ROOT / "README.md"}
