"""The page for newcomers is run as it stands, as a package of another author."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bakeoff.contenders.registry import CONTENDERS, make_contender
from bakeoff.core.errors import UsageError
from bakeoff.testing.packages import pretend_installed

PAGE = Path(__file__).parents[2] / "docs" / "add-a-contender.md"
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture
def installed(tmp_path):
    with pretend_installed(
        tmp_path, {"hashed_ridge": BLOCKS[0]}, {"hashed-ridge": "hashed_ridge:HashedRidge"}
    ):
        yield


def test_the_page_runs_from_top_to_bottom(installed, capsys):
    names: dict[str, object] = {"__name__": "page"}
    for block in BLOCKS[1:]:
        exec(compile(block, str(PAGE), "exec"), names)
    assert re.match(r"\d\d checks: \d\d passed", capsys.readouterr().out)
    marks = names["test_contract"].pytestmark
    assert len(marks[0].args[1]) == 2 * len(names["results"])
    assert set(names["space"](None)) == {"penalty"}


def test_a_contender_of_another_package_is_found_and_gone_with_it(installed):
    assert "hashed-ridge" in CONTENDERS.names()
    assert make_contender("cascade:hashed-ridge>answers:gpt").parts()[0].card.family == "linear"


def test_without_the_package_the_name_is_unknown():
    with pytest.raises(UsageError, match="unknown contender 'hashed-ridge'"):
        make_contender("hashed-ridge")


def test_the_entry_point_on_the_page_names_the_class():
    assert 'hashed-ridge = "hashed_ridge:HashedRidge"' in PAGE.read_text(encoding="utf-8")
