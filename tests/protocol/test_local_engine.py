"""Worker processes: contenders that die, hang or babble, and a run that goes on."""

from __future__ import annotations

import contextlib
import io
import queue
import signal
import time
import types

import psutil
import pytest

from bakeoff.core.errors import StorageError
from bakeoff.protocol.engines.local import LocalEngine, Worker, _death
from bakeoff.results.records import Cell

DEADLY = ("killed", "once")
HARMLESS = ("halfway", "raises", "noisy", "none")
HANG_S = 4.0
GONE_S = 20.0


def first_cell(work, how):
    name = "trouble" if how == "none" else f"trouble@how={how}"
    seed = next(c.seeds[0] for c in work.plan.contenders if c.name == name)
    return Cell(name, "fold", 0, 0, seed)


def none(cell):
    return False


def is_gone(pid):
    """Return whether a process ends soon (one that is waited for by nobody counts as ended)."""
    deadline = time.monotonic() + GONE_S
    while time.monotonic() < deadline:
        with contextlib.suppress(psutil.NoSuchProcess):
            if psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
                time.sleep(0.02)
                continue
        return True
    return False


@pytest.fixture(scope="module")
def served(trouble, tmp_path_factory, build):
    """Run one cell of every kind in two workers: records by mischief, and what became of all."""
    root = tmp_path_factory.mktemp("served")
    kinds = (*DEADLY, *HARMLESS, "hangs", "full")
    names = ["trouble" if how == "none" else f"trouble@how={how}" for how in kinds]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BAKEOFF_CACHE", str(root / "cache"))
        work = build(root / "run", *names, answers=lambda i, label: label)
        engine = LocalEngine(workers=2, threads=1)
        try:
            engine.open(work)
            cells = [first_cell(work, how) for how in (*DEADLY, *HARMLESS)]
            records = list(engine.run(cells, skip=none))
            late = list(engine.run([cells[-1]], skip=none, deadline_s=time.monotonic() - 1))
            skipped = list(engine.run([cells[-1]], skip=lambda cell: True))
            engine.cell_limit_s = HANG_S
            (hung,) = engine.run([first_cell(work, "hangs")], skip=none, alone=True)
            engine.cell_limit_s = 600.0
            with pytest.raises(StorageError) as full:
                list(engine.run([first_cell(work, "full")], skip=none))
        finally:
            live = [worker.process.pid for worker in engine._live]
            engine.close()
    child = int((root / "cache" / "child").read_text())
    found = {r.cell.contender.partition("how=")[2] or "none": r for r in records}
    return {
        "records": {**found, "hangs": hung},
        "count": len(records),
        "late": late,
        "skipped": skipped,
        "child": child,
        "full": full.value,
        "live": live,
        "work": work,
    }


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (-signal.SIGKILL, "its process was killed (out of memory?), twice"),
        (-signal.SIGSEGV, "its process crashed with SIGSEGV, twice"),
        (3, "its process ended with exit code 3, twice: last line"),
    ],
)
def test_a_death_is_put_in_words(code, reason):
    process = types.SimpleNamespace(returncode=code)
    log = io.BytesIO(b"first line\nlast line\n")
    assert _death(Worker(process, queue.SimpleQueue(), log)) == reason


def test_every_cell_is_recorded_once(served):
    assert served["count"] == len(DEADLY) + len(HARMLESS)
    assert set(served["records"]) == {*DEADLY, *HARMLESS, "hangs"}


@pytest.mark.parametrize(
    ("how", "state", "reason", "attempts"),
    [
        ("killed", "died", "its process was killed (out of memory?), twice", 2),
        ("once", "done", "", 2),
        ("halfway", "done", "", 2),
        ("raises", "failed", "ValueError: no such luck", 1),
        ("hangs", "failed", "took longer than 4 s and was stopped", 1),
        ("none", "done", "", 1),
    ],
)
def test_a_bad_end_is_a_row_with_its_reason(served, how, state, reason, attempts):
    record = served["records"][how]
    assert (record.state, record.attempts) == (state, attempts)
    assert record.reason.startswith(reason)


def test_what_a_contender_prints_breaks_nothing(served):
    record = served["records"]["noisy"]
    assert record.state == "done"
    assert served["work"].folder.is_intact(record)


def test_a_cell_that_hangs_is_ended_with_its_children(served):
    assert is_gone(served["child"])


def test_no_cell_is_started_after_the_deadline(served):
    assert served["late"] == []


def test_cells_that_are_no_longer_wanted_are_skipped(served):
    assert served["skipped"] == []


def test_a_full_disk_stops_the_run(served):
    assert served["full"].where == "/somewhere"


def test_no_worker_is_left(served):
    assert served["live"]
    assert all(is_gone(pid) for pid in served["live"])


def test_a_cell_that_is_done_again_finds_what_it_had_left(served):
    assert served["records"]["halfway"].notes == ("went on from the half that was there",)
    assert not list((served["work"].folder.work / "scratch").glob("*/half"))
