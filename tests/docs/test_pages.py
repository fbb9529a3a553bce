"""The code on the pages runs from top to bottom, and the commands of the README are read."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bakeoff.cli import _main, cli

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)
QUICK = "--preset quick"
QUICKER = "--contenders 'ngram-linear,cascade:ngram-linear>answers:llm_answer'"
"""The tutorial's default table is for readers; these show the same in a third of the time."""

READMES = ("README.md", "README.zh-CN.md")


def blocks(name: str) -> list[tuple[str, str]]:
    """Return language and text of every code block of a page."""
    return BLOCK.findall((ROOT / name).read_text(encoding="utf-8"))


def command_lines(text: str) -> list[list[str]]:
    """Return the arguments of every ``bakeoff`` line of a console block."""
    lines = (line.partition("  #")[0].strip() for line in text.splitlines())
    return [shlex.split(line)[1:] for line in lines if line.startswith("bakeoff ")]


def run_page(name: str) -> None:
    """Run a page: Python as it stands, commands in this process."""
    names: dict[str, object] = {"__name__": "page"}
    for language, text in blocks(name):
        if language == "python":
            exec(compile(text, name, "exec"), names)
        elif language == "console":
            for arguments in command_lines(text.replace(QUICK, f"{QUICK} {QUICKER}")):
                assert _main(arguments) == 0, arguments


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.setenv("BAKEOFF_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("name", ["data", "language-modelling", "money", "python", "statistics"])
def test_the_code_of_a_page_runs(name, elsewhere):
    run_page(f"docs/{name}.md")


def test_the_tutorial_runs_and_its_run_folder_reads_as_described(elsewhere):
    run_page("docs/first-run.md")
    run_page("docs/run-folder.md")


def test_the_python_lines_of_the_readme_run(elsewhere):
    draw = np.random.default_rng(0).integers
    labels = ["yes", "no"] * 30
    words = {"yes": ["good", "clean", "warm"], "no": ["loud", "dirty", "cold"]}
    texts = [f"{words[label][draw(3)]} {' '.join(map(str, draw(999, size=4)))}" for label in labels]
    frame = pd.DataFrame({"text": texts, "label": labels})
    frame.to_csv("reviews.csv", index=False)
    code = [text for language, text in blocks("README.md") if language == "python"]
    names: dict[str, object] = {"__name__": "page", "frame": frame.head(3)}
    for text in code:
        # Five folds of the default table are for readers; two of one contender show the same.
        quick = text.replace(
            'target="label")', 'target="label", folds=2, contenders="ngram-linear")'
        )
        exec(compile(quick, "README.md", "exec"), names)
    assert Path("report.html").stat().st_size > 10_000


@pytest.mark.parametrize("name", READMES)
def test_every_command_of_a_readme_has_known_options(name):
    lines = [
        line
        for language, text in blocks(name)
        if language == "console"
        for line in command_lines(text)
    ]
    assert len(lines) >= 9
    for verb, *arguments in lines:
        command = cli.get_command(cli.make_context("bakeoff", ["list"]), verb)
        command.make_context(verb, arguments)


def test_the_two_readmes_are_in_step():
    english, chinese = ((ROOT / name).read_text(encoding="utf-8") for name in READMES)
    assert len(re.findall(r"^## ", english, re.MULTILINE)) == len(
        re.findall(r"^## ", chinese, re.MULTILINE)
    )
    strip = re.compile(r"\s*#.*")
    code = [
        [
            strip.sub("", line)
            for language, text in blocks(name)
            if language in ("console", "python")
            for line in text.splitlines()
        ]
        for name in READMES
    ]
    assert code[0] == code[1]


@pytest.mark.parametrize("name", READMES)
def test_the_tree_names_every_room(name):
    rooms = {path.parent.name for path in (ROOT / "src" / "bakeoff").glob("*/__init__.py")}
    tree = next(text for language, text in blocks(name) if "src/bakeoff/" in text)
    assert set(re.findall(r"^  (\w+)/", tree, re.MULTILINE)) == rooms
