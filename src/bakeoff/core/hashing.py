"""SHA-256 of files, bytes and plain values, always as lower-case hexadecimal."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def hash_bytes(data: bytes) -> str:
    """Return the SHA-256 of ``data``."""
    return hashlib.sha256(data).hexdigest()


def hash_text(text: str) -> str:
    """Return the SHA-256 of ``text`` in UTF-8 (lone surrogates are kept as they are)."""
    return hash_bytes(text.encode("utf-8", "surrogatepass"))


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file's content, read in pieces.

    Raises:
        OSError: The file cannot be read.
    """
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def hash_value(value: object) -> str:
    """Return the SHA-256 of a JSON-like value; the order of keys does not matter.

    Raises:
        TypeError: ``value`` holds something that JSON cannot write.
    """
    return hash_text(json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")))


def hash_parts(parts: Iterable[bytes | str]) -> str:
    """Return the SHA-256 of a sequence; each part's length is hashed too, so none can run over."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()
