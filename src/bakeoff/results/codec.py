"""Records as JSON and back; unknown fields and wrong types are refused."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, TypeVar

from pydantic import ConfigDict, TypeAdapter, ValidationError, with_config

from bakeoff.core.errors import ArtefactError
from bakeoff.core.hashing import hash_value

T = TypeVar("T")


_ADAPTERS: dict[type, TypeAdapter[Any]] = {}


def _adapter(record_type: type) -> TypeAdapter[Any]:
    if record_type not in _ADAPTERS:
        strict = with_config(ConfigDict(extra="forbid", ser_json_inf_nan="constants"))
        _ADAPTERS[record_type] = TypeAdapter(strict(record_type))
    return _ADAPTERS[record_type]


def to_json(record: Any) -> str:
    """Return a record as JSON; NaN and infinities are written as such and read back."""
    return _adapter(type(record)).dump_json(record, indent=1).decode()


def from_json(record_type: type[T], text: str | bytes, *, where: str) -> T:
    """Read a record.

    Raises:
        ArtefactError: It is damaged, of another version, or has unknown fields.
    """
    try:
        record: T = _adapter(record_type).validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        at = ".".join(str(part) for part in first["loc"])
        raise ArtefactError(
            f"not a {record_type.__name__} record: {first['msg']}",
            where=f"{where}, field {at}" if at else where,
            fix="it may be damaged or written by another version; run the same command again",
        ) from error
    return record


def record_hash(record: Any) -> str:
    """Return the SHA-256 of a record's content, its own ``sha256`` field left out."""
    content = asdict(record)
    content.pop("sha256", None)
    return hash_value(content)
