"""The types that a column of examples can have."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ColumnType(StrEnum):
    """What a column holds; it decides which contenders can read it."""

    TEXT = "text"
    CATEGORY = "category"
    NUMBER = "number"
    DATE = "date"
    IMAGE = "image"
    AUDIO = "audio"
    BOXES = "boxes"
    MASK = "mask"
    USER = "user"
    ITEM = "item"
    ID = "id"
    ANSWER = "answer"
    """Predictions made elsewhere: shown only to the `answers:` contender that names the column."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column's name, its type, and why it was given that type (shown to the user)."""

    name: str
    type: ColumnType
    reason: str = ""
