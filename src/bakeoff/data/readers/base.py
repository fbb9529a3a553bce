"""What a reader returns: cells as they stood in the source, and what could not be read."""

from __future__ import annotations

import gzip
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from bakeoff.core.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from bakeoff.data.columns import Column

MOST_BYTES = 8 * 1024**3
"""A packed file that grows beyond this is refused (a bomb, or no case for one machine's memory)."""


@dataclass(frozen=True, slots=True)
class RawTable:
    """The rows of one source before their columns are typed.

    Args:
        table: ``n`` rows; strings where the source has no types of its own.
        row: ``(n,)``, int64: number of each row in the source, from 0, bad rows counted.
        rows_in: Rows that the source holds: ``n`` + the rows set aside.
        sha256: Of the file's bytes, or of the content.
        set_aside: Line (from 1) and reason of each row that could not be read.
        notes: What was detected: encoding, delimiter, quotes.
        known: Columns whose type the source itself declares.
        kinds: For sources whose cells have types: column -> kind (``"text"``, ``"number"``,
            ``"boolean"``) -> number of cells; shows whether 1 and "1" are mixed.
        folder: Where relative paths in cells begin, or None if paths are not followed.
    """

    table: pa.Table
    row: NDArray[np.int64]
    rows_in: int
    sha256: str
    set_aside: tuple[tuple[int, str], ...] = ()
    notes: tuple[str, ...] = ()
    known: Mapping[str, Column] = field(default_factory=dict)
    kinds: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    folder: Path | None = None

    def take(self, positions: NDArray[np.int64]) -> RawTable:
        """Return the rows at ``positions`` with all that is known of the source."""
        return RawTable(
            self.table.take(positions),
            self.row[positions],
            self.rows_in,
            self.sha256,
            self.set_aside,
            self.notes,
            self.known,
            self.kinds,
            self.folder,
        )


class Reader(Protocol):
    """A function that reads one source."""

    def __call__(self, source: Any, location: str) -> RawTable:
        """Return the source's rows.

        Args:
            source: A path (for suffixes and folders), the string itself (for schemes and words),
                or the object.
            location: The source as the user gave it, for messages.

        Raises:
            DataError: It cannot be read.
        """
        ...


def read_bytes(path: Path, *, wanted: str = "with a header line and one row an example") -> bytes:
    """Return a file's content, unpacked if its name ends in ``.gz``.

    Args:
        path: Of the file.
        wanted: What a user whose file is empty is asked for.

    Raises:
        DataError: It is empty, damaged, unreadable, or larger than memory allows.
    """
    try:
        if path.suffix.casefold() == ".gz":
            with gzip.open(path, "rb") as handle:
                content = handle.read(MOST_BYTES + 1)
        else:
            content = path.read_bytes()
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(
            f"{path.name} is not a whole gzip file: {error}",
            where=str(path),
            fix="copy or download it again",
        ) from error
    except OSError as error:
        raise DataError(
            f"cannot read {path.name}: {error.strerror or error}", where=str(path)
        ) from error
    if len(content) > MOST_BYTES:
        raise DataError(
            f"{path.name} unpacks to more than {MOST_BYTES // 1024**3} GiB", where=str(path)
        )
    if not content.strip():
        raise DataError(
            f"{path.name} is empty",
            where=str(path),
            why="nothing but white space stands in it",
            fix=f"give a file {wanted}",
        )
    return content
