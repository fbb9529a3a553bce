"""The door to all data: a path, an object or a name in, a `Dataset` out."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from bakeoff.core.errors import DataError, UsageError, did_you_mean
from bakeoff.core.seeds import generator
from bakeoff.data.columns import Column, ColumnType
from bakeoff.data.convert import convert, unify
from bakeoff.data.dataset import BadRow, Dataset, Source
from bakeoff.data.fingerprint import fingerprint
from bakeoff.data.infer import infer_column
from bakeoff.data.readers import READERS, plain_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bakeoff.data.readers.base import RawTable

KINDS_KEY = b"bakeoff.kinds"
"""Metadata of an Arrow field: JSON, kind of cell -> count, where a source's cells have types."""

_SAMPLE = 50


def load_dataset(  # noqa: PLR0913 - the one public door, all but the source by name
    source: Any,
    *,
    valid: Any = None,
    test: Any = None,
    types: Mapping[str, ColumnType] | None = None,
    name: str | None = None,
    limit: int | None = None,
    seed: int = 0,
    block: int | None = None,
) -> Dataset:
    """Read a source and its official splits into one dataset with typed columns.

    Args:
        source: A path, a folder of pictures, ``hf://org/name``, ``sklearn:digits``,
            ``docstrings``, or a pandas, polars, Arrow or ``datasets`` table.
        valid: The official development split, in any of these forms.
        test: The official test split.
        types: Types that the user gives; the others are inferred.
        name: Name of the dataset; default: from the source.
        limit: Keep at most so many rows of each part, drawn at random, in their order.
        seed: For ``limit``.
        block: Read files that end in ``.txt`` or ``.md`` as running text, in blocks of at most so
            many characters; None: as tables.

    Raises:
        UsageError: A file does not exist, nothing reads such a source, or ``types`` names an
            unknown column.
        DataError: A source cannot be read, the parts have different columns, or no row is left.

    Example:
        >>> import pandas
        >>> frame = pandas.DataFrame({"text": ["good", "bad", "good food"], "label": [1, 0, 1]})
        >>> load_dataset(frame).column("text").type.value
        'text'
    """
    given = {"main": source, "valid": valid, "test": test}
    raws: dict[str, RawTable] = {}
    locations: dict[str, str] = {}
    for part, item in given.items():
        if item is not None:
            locations[part] = location_of(item)
            raws[part] = _draw(read_source(item, block=block), limit, seed, part)
    names = _same_columns(raws, locations)
    for unknown in set(types or {}) - set(names):
        raise UsageError(f"no column '{unknown}'", fix=did_you_mean(unknown, names))
    table, columns, faults = _typed(raws, names, types or {})
    return _assemble(name or _name_of(source), raws, locations, table, columns, faults)


def read_source(source: Any, *, block: int | None = None) -> RawTable:
    """Find the reader of a source and read it; ``block`` as in `load_dataset`.

    Raises:
        UsageError: A file does not exist or nothing reads such a source.
        DataError: The source cannot be read.
    """
    location = location_of(source)
    key, item = _reader_key(source)
    if block is not None and key in plain_text.SUFFIXES:
        return plain_text.read(item, location, block=block)
    if key not in READERS.targets():
        raise UsageError(
            f"nothing reads {location}",
            why=f"there is no reader for '{key}'",
            fix="known: " + ", ".join(READERS.names()),
        )
    return READERS.load(key)(item, location)


def location_of(source: Any) -> str:
    """Return a source as the user knows it: the path or name, or the class of an object."""
    return str(source) if isinstance(source, str | Path) else type(source).__name__


def _reader_key(source: Any) -> tuple[str, Any]:
    """Return the name of the reader and what it is to be given.

    Raises:
        UsageError: The source is a path and nothing stands there.
    """
    if not isinstance(source, str | Path):
        # By the name of its module: a framework is never imported on a guess.
        return type(source).__module__.partition(".")[0], source
    if isinstance(source, str):
        scheme = source.partition(":")[0] + ":"
        if scheme in READERS.targets():
            return scheme, source
    path = Path(source)
    if path.is_dir():
        return "folder", path
    if not path.exists():
        raise _missing_file(path)
    suffixes = [suffix.casefold() for suffix in path.suffixes if suffix.casefold() != ".gz"]
    return (suffixes[-1] if suffixes else "a file without a suffix"), path


def _missing_file(path: Path) -> UsageError:
    parent = path.parent
    if not parent.is_dir():
        return UsageError(f"no file {path}", why=f"there is no folder {parent} either")
    return UsageError(
        f"no file {path}",
        where=str(parent.resolve()),
        fix=did_you_mean(path.name, [entry.name for entry in parent.iterdir()]),
    )


def _draw(raw: RawTable, limit: int | None, seed: int, part: str) -> RawTable:
    if limit is None or raw.table.num_rows <= limit:
        return raw
    rng = generator(seed, "limit", part)
    kept = np.sort(rng.choice(raw.table.num_rows, size=limit, replace=False))
    note = f"limit: {limit:,} of {raw.table.num_rows:,} rows drawn"
    return replace(raw.take(kept.astype(np.int64)), notes=(*raw.notes, note))


def _same_columns(raws: Mapping[str, RawTable], locations: Mapping[str, str]) -> list[str]:
    """Return the names of the columns, in the order of the main part.

    Raises:
        DataError: A part has other columns than the main one.
    """
    names: list[str] = raws["main"].table.column_names
    for part, raw in raws.items():
        missing = [name for name in names if name not in raw.table.column_names]
        extra = [name for name in raw.table.column_names if name not in names]
        if missing or extra:
            lacks = "lacks " + ", ".join(f"'{name}'" for name in missing[:10]) if missing else ""
            has = "has besides " + ", ".join(f"'{name}'" for name in extra[:10]) if extra else ""
            raise DataError(
                f"the {part} part has other columns than the main one: it "
                + " and ".join(text for text in (lacks, has) if text),
                where=f"{locations[part]} against {locations['main']}",
                fix="give all parts the same header",
            )
    return names


def _typed(
    raws: Mapping[str, RawTable], names: list[str], types: Mapping[str, ColumnType]
) -> tuple[pa.Table, tuple[Column, ...], dict[int, str]]:
    """Return the rows of all parts with typed columns, and why some must be set aside."""
    folders = tuple((raw.table.num_rows, raw.folder) for raw in raws.values())
    fields, arrays, columns = [], [], []
    faults: dict[int, str] = {}
    for name in names:
        cells = unify([raw.table[name] for raw in raws.values()])
        known = raws["main"].known.get(name)
        if name in types:
            column = Column(name, ColumnType(types[name]), "given by the user")
        else:
            column = known or _inferred(name, cells, raws["main"].folder)
        array, bad = convert(cells, column, folders)
        for position, reason in bad.items():
            faults.setdefault(position, f"column '{name}': {reason}")
        kinds: Counter[str] = Counter()
        for raw in raws.values():
            kinds.update(raw.kinds.get(name, {}))
        metadata = {KINDS_KEY: json.dumps(kinds)} if kinds else None
        fields.append(pa.field(name, array.type, metadata=metadata))
        arrays.append(array)
        columns.append(column)
    return pa.table(arrays, schema=pa.schema(fields)), tuple(columns), faults


def _inferred(name: str, cells: pa.ChunkedArray, folder: Path | None) -> Column:
    column = infer_column(name, cells)
    if column.type is ColumnType.IMAGE and pa.types.is_large_string(cells.type):
        some = [cell for cell in cells.slice(0, _SAMPLE).to_pylist() if cell]
        if not any(((folder or Path.cwd()) / cell).is_file() for cell in some):
            return Column(name, ColumnType.ID, "paths of pictures, but none stands there")
    return column


def _assemble(
    name: str,
    raws: Mapping[str, RawTable],
    locations: Mapping[str, str],
    table: pa.Table,
    columns: tuple[Column, ...],
    faults: Mapping[int, str],
) -> Dataset:
    part = np.concatenate([np.full(raw.table.num_rows, p) for p, raw in raws.items()])
    row = np.concatenate([raw.row for raw in raws.values()])
    bad_rows = [BadRow(p, line, why) for p, raw in raws.items() for line, why in raw.set_aside]
    bad_rows += [
        BadRow(str(part[at]), int(row[at]) + 1, reason) for at, reason in sorted(faults.items())
    ]
    keep = np.setdiff1d(np.arange(table.num_rows), np.array(list(faults), dtype=np.int64))
    if faults:
        table, part, row = table.take(keep), part[keep], row[keep]
    if table.num_rows == 0 or not (part == "main").any():
        raise _nothing_left(locations["main"], bad_rows)
    sources = tuple(_source(p, raw, locations[p], bad_rows) for p, raw in raws.items())
    return Dataset(
        name=name,
        table=table.combine_chunks(),
        columns=columns,
        part=part,
        row=row,
        sources=sources,
        set_aside=tuple(bad_rows),
        fingerprint=fingerprint(table, columns, part),
    )


def _source(part: str, raw: RawTable, location: str, bad_rows: list[BadRow]) -> Source:
    set_aside = sum(bad.part == part for bad in bad_rows)
    return Source(
        part, location, raw.sha256, raw.rows_in, raw.rows_in - set_aside, set_aside, raw.notes
    )


def _nothing_left(location: str, bad_rows: list[BadRow]) -> DataError:
    if not bad_rows:
        return DataError(f"{location} holds no rows", fix="give a source with rows")
    first = bad_rows[0]
    return DataError(
        f"no row of {location} can be used: {len(bad_rows):,} were set aside",
        where=f"{location}, line {first.line}",
        why=first.reason,
    )


def _name_of(source: Any) -> str:
    """Return a short name: of a file without its suffixes, of a hub id its last part."""
    if isinstance(source, str | Path):
        last = str(source).rstrip("/").replace(":", "/").rpartition("/")[2]
        plain = last.partition("?")[0].partition(".")[0]
        return plain or last.lstrip(".") or "data"
    return "data"
