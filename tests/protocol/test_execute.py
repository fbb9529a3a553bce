"""One cell: what it leaves behind, and what happens to one that breaks the contract."""

from __future__ import annotations

import pytest

from bakeoff.core.errors import StorageError
from bakeoff.protocol import grid
from bakeoff.protocol.engines.inprocess import make_executor, run_cell
from bakeoff.results.records import Cell


@pytest.fixture
def run(make_run):
    """Return a function that runs the first fold of a contender."""

    def go(spec, stage=grid.FOLD, **options):
        work = make_run(spec, **options)
        name = work.plan.contenders[-1].name
        seed = work.plan.contenders[-1].seeds[0]
        executor = make_executor(work, threads=1)
        return work, run_cell(executor, Cell(name, stage, 0, 0, seed), "here")

    return go


def test_a_cell_leaves_a_file_with_its_hash_and_its_cost(run):
    work, record = run("trouble")
    assert record.state == "done"
    assert work.folder.is_intact(record)
    assert record.cost.train_s >= 0
    assert record.cost.wall_s > 0
    assert record.cost.peak_memory_bytes > 2**20
    assert not list((work.folder.work / "scratch").iterdir())


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ("short", "predicted 31 rows where 32 were asked"),
        ("shuffled", "or in another order"),
        ("wide", "gave 5 probabilities a row for 2 classes"),
        ("lopsided", "do not sum to 1"),
        ("nan", "do not sum to 1"),
        ("gaps", "no usable prediction for 1 of 32 rows"),
    ],
)
def test_broken_contracts_become_rows_with_their_reason(run, how, reason):
    work, record = run(f"trouble@how={how}")
    assert record.state == "failed"
    assert reason in record.reason
    assert record.file == ""
    assert not list(work.folder.predictions.glob("*"))


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ("raises", "ValueError: no such luck (in _raises, line"),
        ("memory", "out of memory"),
        ("forbidden", "PermissionError"),
    ],
)
def test_whatever_a_contender_raises_becomes_one_line(run, how, reason):
    _, record = run(f"trouble@how={how}")
    assert record.state == "failed"
    assert record.reason.startswith(reason)
    assert "\n" not in record.reason


@pytest.mark.parametrize(
    ("how", "stage"), [("full", grid.FOLD), ("full", grid.FINAL), ("unwritable", grid.FINAL)]
)
def test_a_full_disk_is_not_the_contenders_fault(run, how, stage):
    with pytest.raises(StorageError) as caught:
        run(f"trouble@how={how}", stage)
    assert caught.value.exit_code == 1
    assert "full" in str(caught.value) or "No space" in str(caught.value)


def test_a_refit_ships_its_model(run):
    work, record = run("trouble@right=0.9", grid.FINAL)
    assert record.file == ""
    assert record.cost.model_bytes > 0
    assert (work.folder.model("trouble@right=0.9") / "model.json").is_file()


def test_a_model_that_cannot_be_saved_is_no_failure(run):
    work, record = run("trouble@how=unsavable", grid.FINAL)
    assert record.state == "done"
    assert record.cost.model_bytes is None
    assert not work.folder.model("trouble@how=unsavable").exists()


def test_a_model_that_cannot_be_saved_is_fitted_again_where_another_process_has_it(make_run, cache):
    work = make_run("trouble@how=unsavable")
    executor = make_executor(work, threads=1)
    seed = work.plan.contenders[-1].seeds[0]
    measure, lockbox = (
        run_cell(executor, Cell("trouble@how=unsavable", stage, 0, 0, seed), "here")
        for stage in (grid.MEASURE, grid.LOCKBOX)
    )
    assert (measure.state, lockbox.state) == ("done", "done")
    assert measure.cost.latency_p50_s > 0
    assert (measure.cost.parameters, measure.cost.flops_per_row) == (7, 12.0)
    assert (cache / "fits").read_text().count("\n") == 1


def test_no_contender_is_shown_a_label_or_an_answer(make_run):
    work = make_run("trouble", answers=lambda i, label: label)
    contender = work.contender("trouble")
    inputs = work.inputs(contender, work.splits.rows("train"))
    assert inputs.table.column_names == ["text"]
