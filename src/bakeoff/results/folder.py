"""The run folder: where each thing lies, and files that are kept with their hash."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from bakeoff.core.errors import RunFolderError
from bakeoff.core.files import remove_temporaries, write_atomic
from bakeoff.core.hashing import hash_bytes, hash_file, hash_text
from bakeoff.results.codec import from_json, to_json
from bakeoff.results.records import Cell, CellRecord, Plan

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class RunFolder:
    """Paths of a run: movable, and readable without us (JSON, Parquet, SQLite, HTML)."""

    root: Path

    @property
    def plan_file(self) -> Path:
        """The plan, as JSON."""
        return self.root / "plan.json"

    @property
    def splits_file(self) -> Path:
        """Every row's role, unit and folds, as Parquet."""
        return self.root / "splits.parquet"

    @property
    def ledger_file(self) -> Path:
        """Cells, costs, openings and documents, as SQLite."""
        return self.root / "ledger.sqlite"

    @property
    def predictions(self) -> Path:
        """One Parquet file a cell."""
        return self.root / "predictions"

    @property
    def report_file(self) -> Path:
        """The decision page."""
        return self.root / "report.html"

    @property
    def work(self) -> Path:
        """What only the running comparison needs; removed when it is finished."""
        return self.root / "work"

    def model(self, contender: str) -> Path:
        """Return the folder of the model that is shipped for a contender."""
        return self.root / "models" / safe_name(contender)

    def cell_file(self, cell: Cell) -> Path:
        """Return the predictions file of a cell."""
        name = f"{safe_name(cell.contender)}.{cell.stage}-{cell.repeat}-{cell.fold}-{cell.seed}"
        return self.predictions / f"{name}.parquet"

    def write_plan(self, plan: Plan) -> None:
        """Write the plan whole."""
        write_atomic(self.plan_file, to_json(plan).encode())

    def read_plan(self) -> Plan:
        """Read the plan.

        Raises:
            RunFolderError: The folder is not a run.
            ArtefactError: The plan is damaged or of another version.
        """
        if not self.plan_file.is_file():
            raise RunFolderError(
                f"{self.root} is not a run folder: it has no plan.json",
                fix="name a folder made by 'bakeoff run', for example runs/reviews",
            )
        return from_json(Plan, self.plan_file.read_bytes(), where=str(self.plan_file))

    def is_intact(self, record: CellRecord) -> bool:
        """Return whether a recorded cell's file is there and fits its hash."""
        if not record.file:
            return True
        path = self.root / record.file
        return path.is_file() and hash_file(path) == record.sha256

    def sweep(self, records: list[CellRecord]) -> int:
        """Remove predictions that no record vouches for, and files that were never finished.

        Returns:
            How many there were.
        """
        known = {record.file for record in records}
        stray = [
            path
            for path in self.predictions.glob("*")
            if str(path.relative_to(self.root)) not in known
        ]
        for path in stray:
            path.unlink()
        return len(stray) + remove_temporaries(self.root)


def safe_name(name: str) -> str:
    """Return a name fit for a file: readable where it can be, and unique by a piece of its hash."""
    plain = "".join(letter if letter.isalnum() or letter in "-_." else "-" for letter in name)
    # A leading dot would hide the file, and ".." would leave the folder.
    ascii_only = plain.encode("ascii", "ignore").decode()[:60].lstrip(".")
    return ascii_only if name and ascii_only == name else f"{ascii_only}-{hash_text(name)[:8]}"


def write_table(path: Path, table: pa.Table) -> str:
    """Write a table as Parquet so that it appears whole, and return the SHA-256 of the file.

    Raises:
        StorageError: The disk is full or cannot be written.
    """
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    content = buffer.getvalue()
    write_atomic(path, content)
    return hash_bytes(content)
