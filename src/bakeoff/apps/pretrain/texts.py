"""Documents out of text files, tables and streamed hub sets, one after the other."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bakeoff.core.errors import DataError, UsageError, did_you_mean
from bakeoff.core.extras import require
from bakeoff.core.hashing import hash_file
from bakeoff.data.load import read_source
from bakeoff.data.readers.base import read_bytes
from bakeoff.data.readers.encoding import decode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bakeoff.apps.pretrain.settings import Settings

HUB = "hub:"
_PLAIN = (".txt", ".text", ".md", "")


def documents(settings: Settings) -> Iterator[str]:
    """Yield the documents of all sources, in order; those of white space alone are left out.

    Raises:
        UsageError: A source is not there, or a column is not named.
        DataError: A source cannot be read.
        MissingExtraError: The package ``datasets`` is not installed.
    """
    found = (text for source in settings.sources for text in _of(source, settings))
    kept = (text for text in found if text and not text.isspace())
    return islice(kept, settings.documents)


def identity(sources: Sequence[str]) -> list[str]:
    """Return what tells whether the text is still the same: file digests, names of hub sets.

    Raises:
        UsageError: A file is not there.
    """
    return [source if source.startswith(HUB) else hash_file(_path(source)) for source in sources]


def _of(source: str, settings: Settings) -> Iterator[str]:
    if source.startswith(HUB):
        return _hub(source, settings.column)
    path = _path(source)
    suffixes = [suffix for suffix in path.suffixes if suffix != ".gz"]
    if (suffixes[-1].casefold() if suffixes else "") in _PLAIN:
        return _plain(path, settings.split)
    return _table(source, settings.column)


def _path(source: str) -> Path:
    path = Path(source).expanduser()
    if not path.is_file():
        state = "is a folder" if path.is_dir() else "is not there"
        raise UsageError(
            f"the text '{source}' {state}",
            why="a text is a file (.txt, .csv, .parquet, .jsonl, also .gz) or hub:NAME[:CONFIG]",
            fix="check the path",
        )
    return path


def _plain(path: Path, split: str) -> Iterator[str]:
    """Yield a file's documents: between blank lines, or its lines if it has no blank ones."""
    text = decode(read_bytes(path), str(path)).text
    lines = text.splitlines()
    if split == "auto":
        inner = text.strip().splitlines()
        split = "blank-lines" if any(not line.strip() for line in inner) else "lines"
    if split == "files":
        yield text
    elif split == "lines":
        yield from lines
    else:
        document: list[str] = []
        for line in lines:
            if line.strip():
                document.append(line)
            elif document:
                yield "\n".join(document)
                document = []
        yield "\n".join(document)


def _table(source: str, column: str) -> Iterator[str]:
    table = read_source(source).table
    name = _column(table.column_names, column, source)
    for chunk in table[name].chunks:
        yield from (str(value) for value in chunk.to_pylist() if value is not None)


def _hub(source: str, column: str) -> Iterator[str]:
    """Yield a hub set's documents as they arrive: nothing is downloaded as a whole.

    Raises:
        DataError: The hub cannot be reached, or has no such set.
    """
    name, _, config = source.removeprefix(HUB).partition(":")
    if not name:
        raise UsageError(f"'{source}' names no set", fix="hub:NAME or hub:NAME:CONFIG")
    datasets: Any = require("datasets", extra="hub", needed_by=source)
    try:
        rows = datasets.load_dataset(name, config or None, split="train", streaming=True)
        known = None
        for row in rows:
            known = known or _column(list(row), column, source)
            if row[known] is not None:
                yield str(row[known])
    # Connection, HTTP and missing-repository errors of the hub's client are all OSErrors.
    except (OSError, ValueError) as error:
        raise DataError(
            f"cannot read {source} from the hub",
            why=str(error).splitlines()[0] if str(error) else type(error).__name__,
            fix="check the name (hub:NAME:CONFIG), and that the hub can be reached",
        ) from error


def _column(names: Sequence[str], asked: str, source: str) -> str:
    wanted = asked or (names[0] if len(names) == 1 else "text")
    if wanted not in names:
        fix = did_you_mean(asked, names) if asked else f"--column with one of: {', '.join(names)}"
        raise UsageError(
            f"no column '{wanted}' in {source}" if asked else f"which column of {source}?", fix=fix
        )
    return wanted
