"""Which folder a run gets: that of the same question, else the next free name."""

from dataclasses import replace
from pathlib import Path

import pytest

from bakeoff.core.errors import RunFolderError
from bakeoff.plan.make import make_plan
from bakeoff.plan.options import Options
from bakeoff.plan.place import find_place


@pytest.fixture(scope="module")
def plan(reviews):
    return make_plan(reviews, Options(target="label", contenders=("majority",))).plan


def test_a_first_run_is_named_after_its_data(plan):
    folder, same, told = find_place(plan, None)
    assert (folder.root, same, told) == (Path("runs/reviews"), plan, "")


def test_the_same_question_goes_on_with_the_plan_that_was_fixed_then(plan, tmp_path):
    folder, _, _ = find_place(plan, tmp_path / "run")
    folder.write_plan(plan)
    slower = replace(plan, notes=("a slower machine would have dropped something",))
    again, known, told = find_place(slower, tmp_path / "run")
    assert (again, known) == (folder, plan)
    assert told == f"going on with {tmp_path / 'run'}"


def test_another_question_takes_the_next_free_name_and_says_so(plan, tmp_path):
    place = tmp_path / "run"
    find_place(plan, place)[0].write_plan(plan)
    other = replace(plan, question="other")
    folder, _, told = find_place(other, place)
    assert folder.root == tmp_path / "run-2"
    assert told == f"{place} holds another plan or other data, so this run is {folder.root}"
    folder.write_plan(other)
    third, _, _ = find_place(replace(plan, question="third"), place)
    assert third.root == tmp_path / "run-3"
    assert find_place(other, place)[0] == folder


def test_a_damaged_plan_is_never_written_over(plan, tmp_path):
    (tmp_path / "plan.json").write_text("{")
    folder, _, told = find_place(plan, tmp_path)
    assert folder.root == tmp_path.with_name(f"{tmp_path.name}-2")
    assert "so this run is" in told


def test_a_folder_of_other_things_is_refused(plan, tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(RunFolderError, match=r"it holds 'thesis.txt'"):
        find_place(plan, tmp_path)
