"""Running text: a file without columns, cut into blocks that follow one another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from bakeoff.core.hashing import hash_bytes
from bakeoff.data.columns import Column, ColumnType
from bakeoff.data.readers.base import RawTable, read_bytes
from bakeoff.data.readers.encoding import decode, is_undecodable

if TYPE_CHECKING:
    from collections.abc import Iterator

SUFFIXES = (".txt", ".md", ".text")
BLOCK = 1_024
"""Characters of a block, at most, where the user says nothing."""
COLUMN = "text"


def read(source: Any, location: str, *, block: int = BLOCK) -> RawTable:
    """Read a file as blocks of text; put one behind the other they are the file again.

    Args:
        source: A path.
        location: The source as the user gave it.
        block: Characters of a block, at most; it ends at the last line end in its second half,
            else at the last space there, else where it is full.

    Raises:
        DataError: It is empty, damaged, or in no known encoding.
    """
    content = read_bytes(source, wanted="of running text")
    decoded = decode(content, location)
    text = decoded.text
    notes = [f"encoding: {decoded.encoding}" + (" (guessed)" if decoded.guessed else "")]
    if is_undecodable(text):
        text = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        notes.append("bytes that are no text became \N{REPLACEMENT CHARACTER}")
    blocks = list(_blocks(text, block))
    notes.append(f"read as running text, in blocks of at most {block:,} characters")
    return RawTable(
        pa.table({COLUMN: pa.array(blocks, pa.large_string())}),
        np.arange(len(blocks), dtype=np.int64),
        len(blocks),
        hash_bytes(content),
        notes=tuple(notes),
        known={COLUMN: Column(COLUMN, ColumnType.TEXT, "a block of running text")},
    )


def _blocks(text: str, block: int) -> Iterator[str]:
    start = 0
    while start < len(text):
        end = start + block
        if end < len(text):
            half = start + block // 2
            for mark in ("\n", " "):
                found = text.rfind(mark, half, end)
                if found >= 0:
                    end = found + 1
                    break
        yield text[start:end]
        start = end
