"""Readers: one file each; a name in the table below is a file's suffix, a scheme or a module.

To add a reader, write a function ``read(source, location) -> RawTable`` and name it here, or in the
entry point group ``bakeoff.readers`` of your own package. The name says what it reads: ``".xlsx"``
(files with this suffix, also with ``.gz`` behind it), ``"s3:"`` (strings that begin so; the word
alone will do), ``"modin"`` (objects whose class lives in this package) or ``"folder"``. Nothing is
imported until a source asks for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bakeoff.core.registry import Registry

if TYPE_CHECKING:
    from bakeoff.data.readers.base import Reader

READERS: Registry[Reader] = Registry(
    what="reader",
    built_in={
        ".csv": "bakeoff.data.readers.delimited:read",
        ".tsv": "bakeoff.data.readers.delimited:read",
        ".txt": "bakeoff.data.readers.delimited:read",
        ".jsonl": "bakeoff.data.readers.jsonl:read",
        ".ndjson": "bakeoff.data.readers.jsonl:read",
        ".parquet": "bakeoff.data.readers.parquet:read",
        "folder": "bakeoff.data.readers.image_folder:read",
        "pandas": "bakeoff.data.readers.frames:read_pandas",
        "polars": "bakeoff.data.readers.frames:read_polars",
        "pyarrow": "bakeoff.data.readers.frames:read_arrow",
        "datasets": "bakeoff.data.readers.frames:read_datasets",
        "hf:": "bakeoff.data.readers.hub:read",
        "sklearn:": "bakeoff.data.readers.digits:read",
        "docstrings:": "bakeoff.data.readers.docstrings:read",
    },
    group="bakeoff.readers",
)
