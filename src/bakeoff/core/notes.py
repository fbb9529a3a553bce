"""Notes with a code and numbers, for which the report has a sentence in the reader's language.

`Context.note` takes one line of text. A line that `coded` made is read back by `read_coded`; any
other is shown as it stands.
"""

from __future__ import annotations

import json
import re
from typing import TypeAlias

Value: TypeAlias = str | int | float | bool | None

_CODED = re.compile(r"([a-z]+(?:-[a-z]+)*) (\{.*\})")


def coded(code: str, **values: Value) -> str:
    """Return one line that holds a code and its values.

    Example:
        >>> coded("injection", asked=50, flipped=3)
        'injection {"asked": 50, "flipped": 3}'
    """
    return f"{code} {json.dumps(values, ensure_ascii=False)}"


def read_coded(note: str) -> tuple[str, dict[str, Value]] | None:
    """Return code and values of a line that `coded` made, or None.

    Example:
        >>> read_coded('injection {"asked": 50}')
        ('injection', {'asked': 50})
        >>> read_coded("began again at a lower rate") is None
        True
    """
    match = _CODED.fullmatch(note)
    if match is None:
        return None
    try:
        values: dict[str, Value] = json.loads(match[2])
    except ValueError:
        return None
    return match[1], values
