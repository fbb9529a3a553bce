"""Classes under the words that a model is told: a user's file that says what 0 and 1 mean."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING

from bakeoff.core.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Sequence

SUFFIXES = (".json", ".csv")
MOST_BYTES = 1024 * 1024
_FORM = 'a JSON object {"0": "negative", "1": "positive"}, or a CSV of two columns: class, words'


def load_names(path: str, classes: Sequence[str]) -> tuple[str, ...]:
    """Return the words for each class, in the order of ``classes``.

    A CSV may have a line of headings; blank space around words is dropped.

    Args:
        path: A file that ends in ``.json`` or ``.csv``, in UTF-8.
        classes: As the data names them.

    Raises:
        UsageError: The file cannot be read, lacks a class, names one that is not there, or has
            the same words for two.
    """
    given = _pairs(path)
    if given and given[0][0] not in classes and path.endswith(".csv"):
        given = given[1:]
    for name, _ in given:
        if name not in classes:
            raise _fault(path, f"there is no class '{name}'", did_you_mean(name, classes))
    words = dict(given)
    if len(words) < len(given):
        raise _fault(path, "a class stands there twice", "keep one line for each class")
    for name in classes:
        if not words.get(name):
            raise _fault(path, f"the class '{name}' has no words", "give words to every class")
    if len({text.casefold() for text in words.values()}) < len(words):
        why = "two classes have the same words, so that no answer could be told apart"
        raise _fault(path, why, "give each class words of its own")
    return tuple(words[name] for name in classes)


def _pairs(path: str) -> list[tuple[str, str]]:
    """Return classes and words as they stand in the file."""
    try:
        data = Path(path).read_bytes()[: MOST_BYTES + 1]
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise _fault(path, f"it cannot be read: {error.strerror}", f"write {_FORM}") from error
    except UnicodeDecodeError as error:
        raise _fault(path, "it is not UTF-8", "save the file as UTF-8") from error
    if len(data) > MOST_BYTES:
        raise _fault(path, f"it has more than {MOST_BYTES:,} bytes", f"write {_FORM}")
    if path.endswith(".json"):
        return _of_json(path, text)
    lines = [line for line in csv.reader(io.StringIO(text, newline="")) if line]
    if any(len(line) != 2 for line in lines):
        raise _fault(path, "a line has not two cells", f"write {_FORM}")
    return [(name, words.strip()) for name, words in lines]


def _of_json(path: str, text: str) -> list[tuple[str, str]]:
    try:
        pairs = json.loads(text, object_pairs_hook=list)
    except (ValueError, RecursionError) as error:
        raise _fault(path, f"it is not JSON: {error}", f"write {_FORM}") from error
    if not isinstance(pairs, list) or not all(
        isinstance(pair, tuple) and isinstance(pair[1], str) for pair in pairs
    ):
        raise _fault(path, "it is no object of texts", f"write {_FORM}")
    return [(name, words.strip()) for name, words in pairs]


def _fault(path: str, what: str, fix: str) -> UsageError:
    return UsageError(f"the names of the classes: {what}", where=path, fix=fix)
