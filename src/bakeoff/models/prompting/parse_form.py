"""The form of an answer: JSON, a code fence, a plain line; and what a refusal looks like."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass

MOST_CHARACTERS = 20_000
"""Nobody who was asked for one answer gives a longer one; it is not read."""
_LINE_CHARACTERS = 500

_THOUGHTS = re.compile(r"\A\s*<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL)
_FENCE = re.compile(r"```[ \t]*\w*[ \t]*\n?(.*?)```", re.DOTALL)
_REFUSAL = re.compile(
    r"\A\W*(?:(?:i['\u2019]?m|i am) (?:very |so )?(?:sorry|unable|not able)\b|sorry\b|apologies\b"
    r"|i (?:can ?not|can['\u2019]?t|won['\u2019]?t|will not|must decline|decline|refuse)\b"
    r"|as an? (?:ai|artificial|(?:large )?language)\b|unfortunately,? i\b"
    r"|抱歉|对不起|很遗憾|作为(?:一个|一名)?(?:ai|人工智能|语言模型)|我(?:无法|不能|拒绝))",
    re.IGNORECASE,
)
_NEGATION = re.compile(
    r"\b(?:not|no|never|neither|nor|cannot|without|un(?:likely|able)|rather than|instead of)\b"
    r"|n['\u2019]t\b|[不没非无未]",
    re.IGNORECASE,
)
_CONNECTOR = re.compile(
    r"(?:\b(?:is|as|be|answer|label|class|category|value|about|approximately)\b|[:=：≈~]|->|→|是|为)"
    r"[ \t]*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model answered, taken out of its form.

    Args:
        text: The answer itself; None where the form is broken or holds several answers.
        json: It stood under the right name in a JSON object.
        before: What was said before a JSON object.
    """

    text: str | None
    json: bool = False
    before: str = ""


def answer_in(reply: str, names: tuple[str, ...]) -> Answer:
    """Return the answer that a reply holds under one of ``names``, or as plain text.

    An object counts where nothing follows it, and nothing or "...:" stands before it: a model that
    talks about an object has not answered with it. Where a name stands twice, or several names
    hold different answers, there is none.
    """
    if len(reply) > MOST_CHARACTERS:
        return Answer(None)
    inner = _THOUGHTS.sub("", reply).strip()
    fences = _FENCE.findall(inner)
    if len(fences) == 1 and inner.endswith("```"):
        inner = inner[: inner.index("```")] + fences[0].strip()
    start = inner.find("{")
    found = _json(inner[start:]) if start >= 0 else _json(inner)
    if isinstance(found, _Object) and any(_is_one(name, names) for name, _ in found.pairs):
        if not _announces(inner[:start]):
            return Answer(None)
        values = {value for name, value in found.pairs if _is_one(name, names)}
        given = values.pop() if len(values) == 1 else None
        return Answer(given, json=True, before=inner[:start])
    if isinstance(found, str) and start < 0:
        return Answer(found)
    return Answer(inner)


def refuses(text: str) -> bool:
    """Return whether a text begins as models begin when they decline to answer.

    Example:
        >>> refuses("I cannot help with that."), refuses("Sorry for the delay? spam")
        (True, True)
    """
    return _REFUSAL.search(text) is not None


def negates(text: str) -> bool:
    """Return whether a text says no to something.

    Example:
        >>> negates("This isn't"), negates("This is"), negates("这不是")
        (True, False, True)
    """
    return _NEGATION.search(text) is not None


def last_parts(line: str) -> list[tuple[str, str]]:
    """Return what stands before and after each "is", ":" and the like in one line, longest first.

    A line of more than 500 characters is talk: it has no such parts.

    Example:
        >>> last_parts("It is: spam")
        [('It ', ': spam'), ('It is', 'spam')]
    """
    if len(line) > _LINE_CHARACTERS:
        return []
    return [(line[: m.start()], line[m.end() :]) for m in _CONNECTOR.finditer(line)]


def plain(text: str) -> str:
    """Return a text without differences of width, accent form and blank space (NFKC)."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


@dataclass(frozen=True, slots=True)
class _Object:
    """A JSON object with its names as often as they were written; values as text."""

    pairs: tuple[tuple[str, str | None], ...]


def _announces(before: str) -> bool:
    """Return whether words end as those before an answer: with a colon, a new line, or none."""
    said = before.rstrip()
    return not said or said[-1] in ":\uff1a" or "\n" in before[len(said) :]


def _is_one(name: str, names: tuple[str, ...]) -> bool:
    return name.strip().casefold() in names


def _json(text: str) -> object:
    """Return the JSON value that a text is, or None."""
    try:
        return json.loads(
            text, object_pairs_hook=_object, parse_int=str, parse_float=str, parse_constant=str
        )
    except (ValueError, RecursionError):
        return None


def _object(pairs: list[tuple[str, object]]) -> _Object:
    return _Object(tuple((name, _as_text(value)) for name, value in pairs))


def _as_text(value: object) -> str | None:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list) and len(value) == 1:
        return _as_text(value[0])
    return value if isinstance(value, str) else None
