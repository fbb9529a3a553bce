"""Names of classes as words that an encoder can read, and whether they say anything at all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_BETWEEN_WORDS = re.compile(r"[\s_\-/.]+|(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_ANSWERS = {"yes", "no", "y", "n", "true", "false", "t", "f", "other", "none", "unknown"}
_FEWEST_LETTERS = 2


def label_words(name: str) -> str:
    """Return a class name as plain words.

    Example:
        >>> label_words("card_arrival"), label_words("lostOrStolenPhone"), label_words("HTTPError")
        ('card arrival', 'lost or stolen phone', 'HTTP error')
    """
    words = [word for word in _BETWEEN_WORDS.split(name.strip()) if word]
    return " ".join(w if w.isupper() and len(w) > 1 else w.lower() for w in words)


def why_meaningless(names: Sequence[str]) -> str | None:
    """Return why these names tell a model nothing about their classes, or None.

    Example:
        >>> why_meaningless(["0", "1"])
        "the class names '0', '1' say nothing about what is in a class"
        >>> why_meaningless(["sports", "politics"])
    """
    words = [label_words(name) for name in names]
    letters = [re.sub(r"[\W\d_]+", "", word).casefold() for word in words]
    empty = any(len(word) < _FEWEST_LETTERS and word.isascii() for word in letters)
    if empty or len(set(letters)) < len(set(names)):
        shown = ", ".join(f"'{name}'" for name in names[:3]) + (", ..." if len(names) > 3 else "")
        return f"the class names {shown} say nothing about what is in a class"
    if all(word in _ANSWERS for word in letters):
        shown = ", ".join(f"'{name}'" for name in names)
        return f"the class names {shown} answer a question that the model is not told"
    return None
