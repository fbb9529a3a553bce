"""The runner: stopped anywhere, the same plan goes on and comes to the same end."""

from __future__ import annotations

import dataclasses
import shutil
from contextlib import closing

import pytest

from bakeoff.core.errors import BudgetReachedError
from bakeoff.protocol import grid
from bakeoff.protocol.engines import inprocess
from bakeoff.protocol.splits import read_splits
from bakeoff.results.analysis import Analysis
from bakeoff.results.codec import to_json
from bakeoff.results.folder import RunFolder
from bakeoff.results.ledger import Ledger

CONTENDERS = ("trouble@right=0.9", "trouble@right=0.6")


def answers(i, label):
    return label if i % 5 else "a"


@pytest.fixture
def plan_run(make_run):
    def build(folder="run", *contenders, **options):
        return make_run(*(contenders or CONTENDERS), folder=folder, answers=answers, **options)

    return build


def plain(analysis):
    """Return the analysis without what differs from run to run by nature."""
    rows = tuple(
        dataclasses.replace(row, cost=type(row.cost)(), money=type(row.money)(None, None))
        for row in analysis.rows
    )
    shown = dataclasses.replace(
        analysis, rows=rows, date="", machine="", environment={}, wall_s=0, spent_cpu_s=0
    )
    return to_json(shown)


def ledger_of(work):
    return closing(Ledger(work.folder.ledger_file))


def predictions(work):
    return {path.name: path.read_bytes() for path in work.folder.predictions.iterdir()}


@pytest.fixture(scope="module")
def finished(trouble, build, carry_out, tmp_path_factory):
    """Carry out a run without interruption, once for all."""
    root = tmp_path_factory.mktemp("finished")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BAKEOFF_CACHE", str(root / "cache"))
        work = build(root / "reference", *CONTENDERS, answers=answers)
        return work, *carry_out(work)


@pytest.fixture
def reference(finished, tmp_path):
    """Return an uninterrupted run's work (a copy that may be damaged), ending and ears."""
    work, ending, ears = finished
    shutil.copytree(work.folder.root, tmp_path / "reference")
    return dataclasses.replace(work, folder=RunFolder(tmp_path / "reference")), ending, ears


def test_a_run_passes_all_phases_and_cleans_up(reference):
    work, ending, ears = reference
    assert ears.phases == ["fold", "final", "measure", "judge", "lockbox"]
    assert ears.begun == [(1 + 4 * 3 + 4 + 4, 0)]
    assert ending.failed == ending.unfinished == ()
    assert not work.folder.work.exists()
    with ledger_of(work) as ledger:
        assert to_json(ledger.document("analysis", Analysis)) == to_json(ending.analysis)
        assert [kind for _, kind, _ in ledger.events()] == ["start", "end"]


def test_the_first_table_compares_all_on_the_same_rows(reference):
    _, _, ears = reference
    (table,) = ears.tables
    counted = {name: score.n for name, score in table.items()}
    values = [score.value for score in table.values()]
    assert values == sorted(values, reverse=True)
    assert "answers:llm" in counted
    assert len(counted) >= 3
    assert len(set(counted.values())) == 1


@pytest.mark.parametrize("stop_after", [1, 13, 18, 22])
def test_a_run_that_is_stopped_goes_on_where_it_was(plan_run, carry_out, reference, stop_after):
    done_work, ending, ears = reference
    work = plan_run()
    with pytest.raises(KeyboardInterrupt):
        carry_out(work, stop_after=stop_after)
    with ledger_of(work) as ledger:
        before = ledger.cells()
    assert len(before) == stop_after
    resumed, more = carry_out(work)
    with ledger_of(work) as ledger:
        after = ledger.cells()
    assert after[: len(before)] == before
    assert len(more.cells) == len(ears.cells) - stop_after
    assert predictions(work) == predictions(done_work)
    assert plain(resumed.analysis) == plain(ending.analysis)


def test_a_finished_run_does_nothing_twice(plan_run, carry_out, reference):
    _, ending, _ = reference
    work = plan_run("reference")
    again, ears = carry_out(work)
    assert ears.cells == []
    assert ears.begun == [(21, 21)]
    assert plain(again.analysis) == plain(ending.analysis)


def test_the_lockbox_is_opened_once_for_finalist_and_reference(plan_run, carry_out, reference):
    work, ending, _ = reference
    wanted = sorted({ending.analysis.verdict.choice, work.plan.reference})
    carry_out(plan_run("reference"))
    with ledger_of(work) as ledger:
        assert sorted(name for name, _ in ledger.openings()) == wanted


def test_an_opening_that_was_counted_before_a_kill_is_not_counted_again(
    plan_run, carry_out, reference
):
    work = plan_run("reference")
    with ledger_of(work) as ledger:
        before = ledger.openings()
        for record in ledger.cells():
            if record.cell.stage == grid.LOCKBOX:
                ledger.forget_cell(record.cell)
    _, ears = carry_out(work)
    assert [r.cell.stage for r in ears.cells] == [grid.LOCKBOX]
    with ledger_of(work) as ledger:
        assert ledger.openings() == before


@pytest.mark.parametrize("damage", ["absent", "torn", "unrecorded", "stray", "model"])
def test_what_the_ledger_does_not_vouch_for_is_done_again(plan_run, carry_out, reference, damage):
    work = plan_run("reference")
    name = "trouble@right=0.9"
    file = next(p for p in sorted(work.folder.predictions.iterdir()) if "fold" in p.name)
    whole = predictions(work)
    if damage == "absent":
        file.unlink()
    elif damage == "torn":
        file.write_bytes(file.read_bytes()[:50])
    elif damage == "unrecorded":
        with ledger_of(work) as ledger:
            (record,) = [r for r in ledger.cells() if r.file.endswith(file.name)]
            ledger.forget_cell(record.cell)
    elif damage == "stray":
        (work.folder.predictions / ".stray.parquet.tmp").write_bytes(b"half")
        (work.folder.predictions / "stray.parquet").write_bytes(b"half")
    else:
        (work.folder.model(name) / "model.json").unlink()
    _, ears = carry_out(work)
    expected = {"stray": 0}.get(damage, 1)
    assert len(ears.cells) == expected
    assert predictions(work) == whole
    assert (work.folder.model(name) / "model.json").is_file()


def test_a_cell_whose_process_died_is_tried_again_by_the_next_run(plan_run, carry_out, reference):
    work = plan_run("reference")
    with ledger_of(work) as ledger:
        (record, *_) = [r for r in ledger.cells() if r.cell.stage == grid.FOLD]
        died = dataclasses.replace(record, state="died", reason="killed", file="", sha256="")
        ledger.record_cell(died)
    ending, ears = carry_out(work)
    assert [r.cell for r in ears.cells] == [record.cell]
    assert ending.failed == ()


def test_a_failed_contender_is_a_row_and_the_others_finish(plan_run, carry_out):
    work = plan_run("run", "trouble@how=raises", "trouble@right=0.9")
    ending, ears = carry_out(work)
    assert ending.failed == ("trouble@how=raises",)
    rows = {row.name: row for row in ending.analysis.rows}
    assert rows["trouble@how=raises"].state == "failed"
    assert "no such luck" in rows["trouble@how=raises"].reason
    assert rows["trouble@right=0.9"].state == "done"
    assert not [
        r for r in ears.cells if r.cell.stage == grid.FINAL and "raises" in r.cell.contender
    ]


def test_a_model_that_cannot_be_shipped_is_confirmed_on_the_lockbox(plan_run, carry_out):
    work = plan_run("run", "trouble@how=unsavable", reference="trouble@how=unsavable")
    ending, ears = carry_out(work)
    assert ending.failed == ()
    stages = [r.cell.stage for r in ears.cells if r.cell.contender == "trouble@how=unsavable"]
    assert stages[-3:] == ["final", "measure", "lockbox"]
    assert all(r.state == "done" for r in ears.cells)


def test_a_run_without_time_says_so_and_goes_on_later(plan_run, carry_out, reference):
    done_work, ending, _ = reference
    work = plan_run()
    with pytest.raises(BudgetReachedError, match="no contender finished") as caught:
        carry_out(work, time_limit_s=-1.0)
    assert caught.value.exit_code == 4
    resumed, _ = carry_out(work)
    assert plain(resumed.analysis) == plain(ending.analysis)
    assert predictions(work) == predictions(done_work)


def test_contenders_without_all_their_folds_are_unfinished_and_keep_their_work(
    plan_run, carry_out, monkeypatch
):
    work = plan_run()
    clock = iter(range(1000))
    monkeypatch.setattr(inprocess.time, "monotonic", lambda: float(next(clock)))
    ending, _ = carry_out(work, time_limit_s=9.0)
    assert ending.unfinished
    assert "trouble@right=0.6" in ending.unfinished
    assert work.folder.work.exists()
    monkeypatch.undo()


def test_the_work_folder_may_be_gone(plan_run, carry_out, reference):
    work = plan_run()
    with pytest.raises(KeyboardInterrupt):
        carry_out(work, stop_after=5)
    shutil.rmtree(work.folder.work)
    resumed, _ = carry_out(plan_run())
    assert plain(resumed.analysis) == plain(reference[1].analysis)


def test_splits_of_another_run_are_never_used(plan_run, tmp_path):
    other = plan_run("other", seed=5)
    (tmp_path / "run").mkdir()
    shutil.copy(other.folder.splits_file, tmp_path / "run" / "splits.parquet")
    work = plan_run("run")
    assert read_splits(work.folder.splits_file).sha256() == work.plan.splits.sha256
    assert work.plan.splits.sha256 != other.plan.splits.sha256
