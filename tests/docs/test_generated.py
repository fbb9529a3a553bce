"""What the pages take from the code is what the code says now."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from bakeoff.cli import VERBS

DOCS = Path(__file__).parents[2] / "docs"
GENERATE = runpy.run_path(str(DOCS / "generate.py"))


@pytest.mark.parametrize("name", GENERATE["PAGES"])
def test_a_page_is_as_the_code_would_write_it(name):
    page = (DOCS / name).read_text(encoding="utf-8")
    assert GENERATE["render"](page) == page, "run: python docs/generate.py"


def test_every_verb_has_its_section():
    page = (DOCS / "command-line.md").read_text(encoding="utf-8")
    regions = {name for _, name, _ in GENERATE["REGION"].findall(page)}
    assert regions == {f"verb {verb}" for verb in VERBS}


def test_every_contender_has_its_entry():
    from bakeoff.contenders.registry import CONTENDERS

    page = (DOCS / "contenders.md").read_text(encoding="utf-8")
    for name in CONTENDERS.built_in:
        assert f"### `{name}`" in page
