"""An answer's text as one of the classes."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from bakeoff.models.prompting.parse_form import (
    Answer,
    answer_in,
    last_parts,
    negates,
    plain,
    refuses,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

NAMES = ("label", "class", "category", "answer")
_CLEAR_CHARACTERS = 100
"""A longer answer without a class is talk, not a class of the model's own making."""
_AROUND = " \t\"'`*“”‘’«»「」《》()[]"  # noqa: RUF001 - quotation marks are meant
_AFTER = ".,;:!。，；："


class LabelReader:
    """Reads answers as classes; tries the strictest reading first and never chooses between two.

    Args:
        classes: Their names.
    """

    def __init__(self, classes: Sequence[str]) -> None:
        self._levels = [(key, _by_key(classes, key)) for key in _KEYS]
        self._most_words = max((len(plain(name).split()) for name in classes), default=1)
        by_length = sorted({_folded(name) for name in classes} - {""}, key=len, reverse=True)
        self._mention = re.compile("|".join(map(_whole, by_length))) if by_length else None

    def read(self, reply: str) -> tuple[int, str | None]:
        """Return the class code, or -1 and ``"refused"``, ``"outside"`` or ``"unparsed"``."""
        answer = answer_in(reply, NAMES)
        if answer.text is None or not reply.strip():
            return -1, "refused" if refuses(reply) else "unparsed"
        if answer.json:
            return self._read_json(answer, answer.text)
        code = self.code(reply)
        code = self.code(answer.text) if code < 0 else code
        if code < 0 and "{" not in answer.text:  # broken JSON may have been cut within its label
            code = self._first_line(answer.text)
        if code >= 0:
            return code, None
        return -1, self._why_not(answer.text)

    def code(self, text: str) -> int:
        """Return the class whose name a text is, or -1.

        Tried in order: as written, trimmed, NFKC, case-folded, without quotes and full stops,
        with ``_`` and ``-`` as blanks, as a number ("1.0" is 1). The first reading that fits any
        class decides; where it fits two, the answer is not read.
        """
        for key, codes in self._levels:
            found = codes.get(key(text))
            if found is not None:
                return found
        return -1

    def _read_json(self, answer: Answer, text: str) -> tuple[int, str | None]:
        code = self.code(text)
        if negates(answer.before) or self._names_other(answer.before, code):
            return -1, "refused" if refuses(answer.before) else "unparsed"
        if code >= 0:
            return code, None
        return -1, "refused" if refuses(text) else "outside"

    def _first_line(self, text: str) -> int:
        """Return the class that the first line gives if the lines after it name no other."""
        line, _, rest = text.partition("\n")
        code = self.code(line)
        code = self._after_connector(line) if code < 0 else code
        doubted = negates(rest) and self._mentioned(rest)
        return -1 if code < 0 or doubted or self._names_other(rest, code) else code

    def _after_connector(self, text: str) -> int:
        """Return the class in "the label is X" if nothing before it says no or names another."""
        for before, after in last_parts(text):
            code = self.code(after)
            if code >= 0:
                bad = negates(before) or self._names_other(before, code)
                return -1 if bad else code
        return -1

    def _names_other(self, text: str, code: int) -> bool:
        return any(self.code(name) != code for name in self._mentioned(text))

    def _mentioned(self, text: str) -> list[str]:
        return self._mention.findall(_folded(text)) if self._mention else []

    def _why_not(self, text: str) -> str:
        if refuses(text):
            return "refused"
        words = re.findall(r"\w+", text)
        short = 0 < len(words) <= self._most_words + 2 and len(text) <= _CLEAR_CHARACTERS
        clear = short and not re.search(r"[\n{]", text) and not negates(text)
        return "outside" if clear and not self._mentioned(text) else "unparsed"


def _folded(text: str) -> str:
    return plain(text).casefold()


def _bare(text: str) -> str:
    """Return a text without quotes and full stops around it."""
    before = None
    inner = _folded(text)
    while inner != before:
        before, inner = inner, inner.strip(_AROUND).rstrip(_AFTER)
    return inner


def _worded(text: str) -> str:
    return " ".join(re.split(r"[\s_\-]+", _bare(text))).strip()


def _numeric(text: str) -> str:
    """Return a number in one spelling, ``""`` for any other text."""
    bare = _bare(text)
    if not re.fullmatch(r"[+\-−]?\d{1,15}(?:\.\d{1,15})?", bare, re.ASCII):
        return ""
    value = float(bare.replace("−", "-"))
    return repr(value + 0.0) if math.isfinite(value) else ""


_KEYS: tuple[Callable[[str], str], ...] = (
    lambda text: text,
    str.strip,
    plain,
    _folded,
    _bare,
    _worded,
    _numeric,
)


def _by_key(classes: Sequence[str], key: Callable[[str], str]) -> dict[str, int]:
    """Return the code of each key, -1 where two classes share it; the empty key names none."""
    codes: dict[str, int] = {}
    for code, name in enumerate(classes):
        if key(name) or key is _KEYS[0]:
            codes[key(name)] = -1 if key(name) in codes else code
    return codes


def _whole(name: str) -> str:
    """Return a pattern for a name that is not part of a longer word (where words have blanks)."""
    before = r"(?<!\w)" if re.match(r"[a-z0-9_]", name) else ""
    after = r"(?!\w)" if re.search(r"[a-z0-9_]\Z", name) else ""
    return before + re.escape(name) + after
