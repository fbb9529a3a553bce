"""The ledger: rows that are there or not, never half."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from dataclasses import replace

import pytest

from bakeoff.core.errors import ArtefactError, StorageError
from bakeoff.results.ledger import Ledger
from bakeoff.results.records import Cell, CellRecord, Cost, PriceRecord

PRICES = PriceRecord(0.05, 10.0, 1e5)


def record(fold, contender="a", state="done"):
    cell = Cell(contender, "fold", 0, fold, 7)
    return CellRecord(
        cell, state, "", 1, Cost(train_s=1.5), f"predictions/{fold}", "00", "then", "now", "w"
    )


@pytest.fixture
def path(tmp_path):
    return tmp_path / "ledger.sqlite"


@pytest.fixture
def ledger(path):
    with closing(Ledger(path)) as opened:
        yield opened


def test_cells_come_back_in_order(ledger):
    for fold in (2, 0, 1):
        ledger.record_cell(record(fold))
    assert ledger.cells() == [record(2), record(0), record(1)]


def test_a_cell_is_recorded_once(ledger):
    ledger.record_cell(record(0, state="failed"))
    ledger.record_cell(record(0))
    assert ledger.cells() == [record(0)]
    ledger.forget_cell(record(0).cell)
    assert ledger.cells() == []


def test_forgetting_one_cell_leaves_the_others(ledger):
    for fold in range(3):
        ledger.record_cell(record(fold))
    ledger.forget_cell(record(1).cell)
    assert ledger.cells() == [record(0), record(2)]


def test_openings_events_and_documents_are_kept(ledger, path):
    ledger.record_opening("a")
    ledger.record_event("start", "3 of 3 cells are left")
    ledger.put_document("prices", PRICES)
    ledger.put_document("prices", replace(PRICES, volume_per_month=1.0))
    with closing(Ledger(path)) as again:
        assert [name for name, _ in again.openings()] == ["a"]
        assert [event[1:] for event in again.events()] == [("start", "3 of 3 cells are left")]
        assert again.document("prices", PriceRecord).volume_per_month == 1.0
        assert again.document("no such", PriceRecord) is None


def test_what_was_recorded_survives_a_kill(path):
    writer = (
        "import os, signal, pathlib, sys\n"
        "from bakeoff.results.ledger import Ledger\n"
        "ledger = Ledger(pathlib.Path(sys.argv[1]))\n"
        "ledger.record_opening('a')\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", writer, str(path)],
        env={"PYTHONPATH": ":".join(sys.path)},
        check=False,
    )
    assert done.returncode == -9
    with closing(Ledger(path)) as ledger:
        assert [name for name, _ in ledger.openings()] == ["a"]


@pytest.mark.parametrize(
    "content", [b"not a ledger at all, " * 50, b"SQLite format 3\0" + b"x" * 4096]
)
def test_a_damaged_file_is_named_with_what_to_do(path, content):
    path.write_bytes(content)
    with pytest.raises(ArtefactError, match="damaged") as caught:
        Ledger(path)
    assert str(path) in str(caught.value)


def test_a_page_that_was_overwritten_is_noticed(path):
    with closing(Ledger(path)) as ledger:
        for fold in range(200):
            ledger.record_cell(record(fold))
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(bytes(content))
    with pytest.raises(ArtefactError, match="damaged"), closing(Ledger(path)) as ledger:
        ledger.cells()


def test_a_folder_that_cannot_be_written_is_a_storage_error(tmp_path):
    with pytest.raises(StorageError, match="cannot use the ledger"):
        Ledger(tmp_path / "absent" / "ledger.sqlite")


def test_a_full_disk_is_a_storage_error_and_loses_nothing(ledger):
    ledger.record_cell(record(0))
    pages = ledger._connection.execute("PRAGMA page_count").fetchone()[0]
    ledger._connection.execute(f"PRAGMA max_page_count = {pages}")

    def fill():
        for fold in range(1, 500):
            ledger.record_cell(record(fold))

    with pytest.raises(StorageError, match="full"):
        fill()
    assert record(0) in ledger.cells()
    ledger._connection.execute("PRAGMA max_page_count = 100000")
    ledger.record_cell(record(500))
    assert record(500) in ledger.cells()


def test_several_threads_may_write(ledger):
    def write(contender):
        for fold in range(20):
            ledger.record_cell(record(fold, contender))

    threads = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ledger.cells()) == 80


def test_it_can_be_read_while_a_run_writes(ledger, path):
    ledger.record_cell(record(0))
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as reader:
        assert reader.execute("SELECT count(*) FROM cells").fetchone() == (1,)
        ledger.record_cell(record(1))
        assert reader.execute("SELECT count(*) FROM cells").fetchone() == (2,)


def test_a_document_of_another_version_is_refused(ledger):
    ledger.put_document("prices", record(0))
    with pytest.raises(ArtefactError, match="prices"):
        ledger.document("prices", PriceRecord)
