"""A folder of pictures in which every subfolder is a class."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pyarrow as pa

from bakeoff.core.errors import DataError
from bakeoff.data.columns import Column, ColumnType
from bakeoff.data.images import FORMATS, IMAGE_SUFFIXES
from bakeoff.data.readers.base import RawTable

_OTHER_PICTURES = (".svg", ".heic", ".avif", ".psd", ".ico", ".eps", ".pdf", ".jp2", ".raw")
_SPLITS = frozenset({"train", "training", "test", "testing", "valid", "validation", "val", "dev"})


def read(source: str | Path, location: str) -> RawTable:
    """Read a folder: column ``image`` (the pictures) and ``folder`` (the class).

    Pictures in formats that are not read, in no subfolder, or behind links that lead out of the
    folder are set aside; other files are left out and named in the notes. Hidden files are not
    looked at.

    Raises:
        DataError: There is no subfolder with pictures, or the subfolders are splits.
    """
    root = Path(source).resolve()
    images: list[str] = []
    classes: list[str] = []
    row: list[int] = []
    set_aside: list[tuple[int, str]] = []
    others: list[str] = []
    digest = hashlib.sha256()
    for number, path in enumerate(_pictures(root, others)):
        relative = path.relative_to(root)
        reason = _fault(path, root)
        if reason:
            set_aside.append((number + 1, f"picture '{relative}': {reason}"))
            continue
        digest.update(f"{relative.as_posix()}\0{path.stat().st_size}\0".encode())
        with path.open("rb") as handle:
            digest.update(hashlib.file_digest(handle, "sha256").digest())
        images.append(relative.as_posix())
        classes.append(relative.parts[0])
        row.append(number)
    if not images:
        raise _no_pictures(location, set_aside, others)
    if {name.casefold() for name in classes} <= _SPLITS:
        raise DataError(
            f"the subfolders of {location} are splits, not classes",
            where=location,
            fix=f"give the splits by themselves: {location}/train --test {location}/test",
        )
    notes = (f"{len(others):,} other files left out: {', '.join(others[:3])}",) if others else ()
    return RawTable(
        pa.table({"image": images, "folder": classes}).cast(
            pa.schema([("image", pa.large_string()), ("folder", pa.large_string())])
        ),
        np.array(row, dtype=np.int64),
        len(row) + len(set_aside),
        digest.hexdigest(),
        tuple(set_aside),
        notes,
        {
            "image": Column("image", ColumnType.IMAGE, "a picture file"),
            "folder": Column("folder", ColumnType.CATEGORY, "the picture's folder"),
        },
        folder=root,
    )


def _pictures(root: Path, others: list[str]) -> list[Path]:
    """Return the picture files in a fixed order; names of other files are added to ``others``."""
    found = []
    for path in sorted(root.rglob("*")):
        relative = path.relative_to(root)
        if any(part.startswith((".", "__MACOSX")) for part in relative.parts) or path.is_dir():
            continue
        if path.suffix.casefold() in IMAGE_SUFFIXES + _OTHER_PICTURES:
            found.append(path)
        else:
            others.append(relative.as_posix())
    return found


def _fault(path: Path, root: Path) -> str:
    if path.suffix.casefold() in _OTHER_PICTURES:
        return f"{path.suffix} is not read; allowed: {', '.join(FORMATS)}"
    if path.parent == root:
        return "it stands in no subfolder, so it has no class"
    if not path.resolve().is_relative_to(root):
        return "it is a link that leads out of the folder"
    return "" if path.is_file() else "it is no plain file"


def _no_pictures(location: str, set_aside: list[tuple[int, str]], others: list[str]) -> DataError:
    seen = set_aside[0][1] if set_aside else f"other files: {', '.join(others[:5])}" * bool(others)
    return DataError(
        f"no pictures with a class in {location}",
        where=location,
        why=seen,
        fix="make one subfolder for each class and put its pictures there, or give a file",
    )
