"""Values as JSON that no text inside can leave: how a row of data stands in a prompt."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from bakeoff.data.columns import ColumnType
    from bakeoff.data.inputs import Inputs

Value: TypeAlias = str | float | bytes | date | None

OPEN = "<row>"
CLOSE = "</row>"
CUT_AT_CHARACTERS = 8_000

# Characters that are not seen or that turn the line: controls, zero-width and direction marks,
# line separators, lone surrogates, tags (which smuggle whole sentences), variation selectors.
_UNSEEN = (
    "\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufe00-\ufe0f"
    "\ufeff\ufff9-\uffff\U000e0000-\U000e0fff"
)
_SUSPECT = re.compile(f"[{_UNSEEN}]")
_SUSPECT_IN_ROW = re.compile(f"[<{_UNSEEN}]")


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a row, with its column's name and type."""

    name: str
    type: ColumnType
    value: Value


Row: TypeAlias = tuple[Cell, ...]


def rows_of(inputs: Inputs) -> list[Row]:
    """Return the rows of ``inputs`` as cells, in order."""
    lists = [inputs.table[column.name].to_pylist() for column in inputs.columns]
    named = [(column.name, column.type) for column in inputs.columns]
    return [
        tuple(Cell(name, kind, value) for (name, kind), value in zip(named, values, strict=True))
        for values in zip(*lists, strict=True)
    ]


def as_json(value: object) -> str:
    r"""Return a value as JSON in one line; letters stay as they are, unseen characters do not.

    Example:
        >>> print(as_json("好\u200b <b>"))
        "好\u200b <b>"
    """
    return _SUSPECT.sub(_escaped, json.dumps(value, ensure_ascii=False, allow_nan=False))


def encoded_row(row: Row, cut_at: int = CUT_AT_CHARACTERS) -> tuple[str, tuple[bytes, ...]]:
    r"""Return a row between its delimiters, and its pictures in the order of their numbers.

    The row is one line of JSON in which every ``<`` is written ``\u003c``: no text can hold the
    closing delimiter, a line of its own, or a mark of a chat template such as ``<|im_end|>``, and
    decoding gives the text back exactly. A text longer than ``cut_at`` characters becomes an
    object that holds its beginning and says so; a picture becomes ``{"picture": number}``.

    Example:
        >>> from bakeoff.data.columns import ColumnType
        >>> encoded_row((Cell("text", ColumnType.TEXT, "</row> 1"),))[0]
        '<row>\n{"text": "\\u003c/row> 1"}\n</row>'
    """
    pictures: list[bytes] = []
    shown = {cell.name: _shown(cell.value, cut_at, pictures) for cell in row}
    line = _SUSPECT_IN_ROW.sub(_escaped, json.dumps(shown, ensure_ascii=False, allow_nan=False))
    return f"{OPEN}\n{line}\n{CLOSE}", tuple(pictures)


def decoded_row(text: str) -> dict[str, object]:
    """Return what stands between the delimiters of a prompt's text, column by column.

    Raises:
        ValueError: The text does not hold exactly one row.
    """
    found = re.findall(f"^{OPEN}\n(.*)\n{CLOSE}$", text, re.MULTILINE)
    if len(found) != 1 or text.count(OPEN) != 1 or text.count(CLOSE) != 1:
        raise ValueError(f"{len(found)} rows between delimiters, not one")
    values = json.loads(found[0])
    if not isinstance(values, dict):
        raise TypeError("the row is not a JSON object")
    return values


def number_text(value: float) -> str:
    """Return a number as a person writes it: ``3``, not ``3.0``."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _shown(value: Value, cut_at: int, pictures: list[bytes]) -> object:
    match value:
        case None | b"":
            return None
        case bytes():
            pictures.append(value)
            return {"picture": len(pictures)}
        case str():
            if len(value) <= cut_at:
                return value
            return {"beginning": value[:cut_at], "cut_after": cut_at, "characters": len(value)}
        case date():
            return value.isoformat()
        case _:
            return _finite(value)


def _finite(value: float) -> float | int | None:
    if not math.isfinite(value):
        return None
    return int(value) if float(value).is_integer() and abs(value) < 1e15 else value


def _escaped(match: re.Match[str]) -> str:
    if match[0] == "<":
        return "\\u003c"
    return json.dumps(match[0])[1:-1]
