"""The ledger of a run: one SQLite file with cells, costs, lockbox openings and documents.

A journal of appended lines is not enough: a torn last line makes it unreadable. SQLite in WAL mode
with full synchronisation has a row or has it not.
"""

from __future__ import annotations

import sqlite3
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from bakeoff.core.errors import ArtefactError, StorageError
from bakeoff.results.codec import from_json, to_json
from bakeoff.results.records import Cell, CellRecord, Cost, Stop

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

T = TypeVar("T")

_SCHEMA = """
CREATE TABLE IF NOT EXISTS cells (
  contender TEXT NOT NULL, stage TEXT NOT NULL, repeat INTEGER NOT NULL, fold INTEGER NOT NULL,
  seed INTEGER NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL, attempts INTEGER NOT NULL,
  cost TEXT NOT NULL, file TEXT NOT NULL, sha256 TEXT NOT NULL, started_at TEXT NOT NULL,
  finished_at TEXT NOT NULL, worker TEXT NOT NULL,
  PRIMARY KEY (contender, stage, repeat, fold, seed)
);
CREATE TABLE IF NOT EXISTS remarks (
  cell TEXT PRIMARY KEY, json TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS lockbox_openings (
  id INTEGER PRIMARY KEY, contender TEXT NOT NULL, opened_at TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS events (
  id INTEGER PRIMARY KEY, at TEXT NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS documents (
  name TEXT PRIMARY KEY, at TEXT NOT NULL, json TEXT NOT NULL
);
"""


def now() -> str:
    """Return the time of day in UTC, to the second, for records (never for durations)."""
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True)
class Remarks:
    """What only some cells have to say; see `CellRecord`."""

    notes: tuple[str, ...] = ()
    stop: Stop | None = None


class Ledger:
    """Reads and writes the ledger; every write is durable when the call returns.

    Safe for several threads of one process. Only the driver of a run writes.
    """

    def __init__(self, path: Path) -> None:
        """Open or make the ledger.

        Raises:
            ArtefactError: The file is damaged or not a ledger.
            StorageError: It cannot be written.
        """
        self._path = path
        self._guard = threading.Lock()
        with self._errors():
            self._connection = sqlite3.connect(
                path, isolation_level=None, check_same_thread=False, timeout=10.0
            )
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute("PRAGMA synchronous=FULL")
            self._connection.executescript(_SCHEMA)

    def close(self) -> None:
        """Close the file (its write-ahead log is folded in)."""
        self._connection.close()

    def record_cell(self, record: CellRecord) -> None:
        """Write what became of a cell; a cell that was recorded before is replaced."""
        cell, remarks = record.cell, Remarks(record.notes, record.stop)
        # Before the row that says that the cell is done: whoever reads that finds these.
        self._write("INSERT OR REPLACE INTO remarks VALUES (?,?)", (cell.key, to_json(remarks)))
        self._write(
            "INSERT OR REPLACE INTO cells VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (
                *(cell.contender, cell.stage, cell.repeat, cell.fold, cell.seed),
                *(record.state, record.reason, record.attempts, to_json(record.cost)),
                *(record.file, record.sha256, record.started_at, record.finished_at),
                record.worker,
            ),
        )

    def forget_cell(self, cell: Cell) -> None:
        """Remove a cell whose file is absent or does not fit its hash."""
        self._write(
            "DELETE FROM cells WHERE contender=? AND stage=? AND repeat=? AND fold=? AND seed=?",
            (cell.contender, cell.stage, cell.repeat, cell.fold, cell.seed),
        )

    def cells(self) -> list[CellRecord]:
        """Return all recorded cells, in the order in which they were first written."""
        rows = self._read("SELECT * FROM cells ORDER BY rowid")
        where = str(self._path)
        said = {
            key: from_json(Remarks, text, where=where)
            for key, text in self._read("SELECT cell, json FROM remarks")
        }
        cells = [Cell(*row[:5]) for row in rows]
        remarks = [said.get(cell.key, Remarks()) for cell in cells]
        return [
            CellRecord(
                cell=cell,
                state=row[5],
                reason=row[6],
                attempts=row[7],
                cost=from_json(Cost, row[8], where=where),
                file=row[9],
                sha256=row[10],
                started_at=row[11],
                finished_at=row[12],
                worker=row[13],
                notes=remark.notes,
                stop=remark.stop,
            )
            for row, cell, remark in zip(rows, cells, remarks, strict=True)
        ]

    def record_opening(self, contender: str) -> None:
        """Count one opening of the lockbox, before it happens."""
        self._write(
            "INSERT INTO lockbox_openings (contender, opened_at) VALUES (?,?)", (contender, now())
        )

    def openings(self) -> list[tuple[str, str]]:
        """Return contender and time of every opening of the lockbox."""
        return [
            (row[0], row[1])
            for row in self._read("SELECT contender, opened_at FROM lockbox_openings ORDER BY id")
        ]

    def record_event(self, kind: str, text: str) -> None:
        """Keep one line about the run: a start, a retry, a kill, an end."""
        self._write("INSERT INTO events (at, kind, text) VALUES (?,?,?)", (now(), kind, text))

    def events(self) -> list[tuple[str, str, str]]:
        """Return time, kind and text of all events."""
        return [tuple(row) for row in self._read("SELECT at, kind, text FROM events ORDER BY id")]

    def put_document(self, name: str, record: object) -> None:
        """Keep a record under a name, replacing the one before."""
        self._write(
            "INSERT OR REPLACE INTO documents VALUES (?,?,?)", (name, now(), to_json(record))
        )

    def document(self, name: str, record_type: type[T]) -> T | None:
        """Return the record under a name, or None.

        Raises:
            ArtefactError: It was written by another version or is damaged.
        """
        rows = self._read("SELECT json FROM documents WHERE name=?", (name,))
        return from_json(record_type, rows[0][0], where=f"{self._path}, {name}") if rows else None

    def _write(self, statement: str, values: tuple[object, ...]) -> None:
        with self._guard, self._errors():
            self._connection.execute(statement, values)

    def _read(self, statement: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        with self._guard, self._errors():
            return self._connection.execute(statement, values).fetchall()

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            raise StorageError(
                f"cannot use the ledger: {error}",
                where=str(self._path),
                why="what was recorded before is kept",
                fix="free some space, or check that the folder can be written, then run it again",
            ) from error
        except sqlite3.DatabaseError as error:
            raise ArtefactError(
                f"the ledger is damaged: {error}",
                where=str(self._path),
                fix="move the run folder away and run the same command again",
            ) from error
