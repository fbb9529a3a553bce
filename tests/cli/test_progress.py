"""Live progress: failures in one line, the time left by the plan at first, by the pace later."""

import pytest

from bakeoff.cli.progress import Progress
from bakeoff.cli.spoken import labelled, spoken_s, wrap
from bakeoff.plan.make import make_plan
from bakeoff.plan.options import Options
from bakeoff.protocol import grid
from bakeoff.results.records import CellRecord, Cost


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (89, "89 s"),
        (90, "2 min"),
        (5300, "88 min"),
        (5400, "1 h 30 min"),
        (7200, "2 h"),
    ],
)
def test_durations_are_said_as_people_say_them(seconds, said):
    assert spoken_s(seconds) == said


def test_long_lines_are_broken_and_set_in():
    lines = labelled("rows", ["word " * 40, "next"])
    assert all(len(line) <= 100 for line in lines)
    assert lines[0].startswith("rows      word")
    assert lines[1].startswith("            word")
    assert lines[-1] == "          next"
    assert wrap("x" * 130) == ["x" * 130]


def record(cell, state="done", reason=""):
    return CellRecord(cell, state, reason, 1, Cost(), "", "", "", "")


def test_a_failure_is_one_line_and_the_end_is_reached(reviews, capsys):
    plan = make_plan(reviews, Options(target="label", contenders=("ngram-linear",))).plan
    cells = [*grid.first_cells(plan), *grid.final_cells(plan), *grid.measure_cells(plan)]
    progress = Progress()
    with progress:
        progress.planned(plan)
        progress.started(len(cells), 0)
        progress.phase("fold")
        at_first = progress._time_left()
        progress.cell(record(cells[0], "failed", "ValueError: no\nsecond line"))
        for cell in cells[1:]:
            progress.cell(record(cell))
    err = capsys.readouterr().err
    assert f"{cells[0].contender} failed: ValueError: no\n" in err
    assert "second line" not in err
    assert at_first == pytest.approx(plan.expected_s, abs=1)
    assert progress._time_left() == pytest.approx(0, abs=0.5)
