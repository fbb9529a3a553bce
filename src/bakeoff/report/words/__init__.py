"""All words of the page and the terminal, in English and Chinese, in one table."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from markupsafe import Markup

from bakeoff.core.errors import UsageError, did_you_mean
from bakeoff.report import numbers
from bakeoff.report.visible import visible
from bakeoff.report.words.figures import FIGURES
from bakeoff.report.words.findings import FINDINGS
from bakeoff.report.words.labels import LABELS
from bakeoff.report.words.language import TEXTS
from bakeoff.report.words.sentences import SENTENCES
from bakeoff.report.words.together import TOGETHER

if TYPE_CHECKING:
    from collections.abc import Mapping

LANGUAGES = ("en", "zh")
TABLE: Mapping[str, tuple[str, str]] = LABELS | SENTENCES | FIGURES | FINDINGS | TOGETHER
"""Key -> English, Chinese."""
_OF_KIND: Mapping[str, Mapping[str, tuple[str, str]]] = {"language-modelling": TEXTS}
"""Kind of task -> the words that stand in place of others there."""


class Count(int):
    """A count in a sentence: ``{n}`` is "1,821", ``{n:row|rows}`` is the word that fits it."""

    def __format__(self, spec: str) -> str:
        """Return the number with thousands set off, or the singular or plural in ``spec``."""
        if "|" in spec:
            one, many = spec.split("|")
            return one if self == 1 else many
        return numbers.count(int(self))


class Words:
    """The words of one language.

    Args:
        lang: ``"en"`` or ``"zh"``.
        table: Key -> English, Chinese; default: the decision page's.

    Raises:
        UsageError: There are no words in that language.
    """

    def __init__(self, lang: str = "en", table: Mapping[str, tuple[str, str]] = TABLE) -> None:
        if lang not in LANGUAGES:
            raise UsageError(
                f"no words in the language '{lang}'", fix=did_you_mean(lang, LANGUAGES)
            )
        self.lang = lang
        self._table = table
        self._column = LANGUAGES.index(lang)

    def __contains__(self, key: str) -> bool:
        """Return whether there are words for ``key``."""
        return key in self._table

    def __call__(self, key: str, **values: object) -> str:
        """Return the words for ``key`` with ``values`` filled in.

        Whole numbers are counts; text is made `visible`. If one value is markup, so is the
        result, and everything else in it is escaped.
        """
        template = self._table[key][self._column]
        ready = {name: _ready(value) for name, value in values.items()}
        if self.lang == "zh":
            template = _without_gaps(template, ready)
        if any(isinstance(value, Markup) for value in ready.values()):
            return Markup(template).format(**ready)  # noqa: S704 - the template is ours
        return template.format(**ready)

    @property
    def gap(self) -> str:
        """What stands between two sentences."""
        return " " if self.lang == "en" else ""

    def listing(self, items: list[str]) -> str:
        """Return ``a, b and c``."""
        if len(items) < 2:
            return "".join(items)
        between, last = (", ", " and ") if self.lang == "en" else ("、", "和")
        if any(isinstance(item, Markup) for item in items):
            return Markup(between).join(items[:-1]) + last + items[-1]  # noqa: S704 - ours
        return between.join(items[:-1]) + last + items[-1]

    def sentence(self, parts: list[str]) -> str:
        """Return clauses as one sentence: ``A; b; c.``."""
        between, end = ("; ", ".") if self.lang == "en" else ("；", "。")
        if any(isinstance(part, Markup) for part in parts):
            joined: str = Markup(between).join(parts)  # noqa: S704 - the separator is ours
        else:
            joined = between.join(parts)
        return capital(joined) + end


def words_for(lang: str, kind: str) -> Words:
    """Return the words of the page about a kind of task.

    Raises:
        UsageError: There are no words in that language.
    """
    return Words(lang, {**TABLE, **_OF_KIND.get(kind, {})})


def _without_gaps(template: str, values: Mapping[str, object]) -> str:
    """Return the template without the space between a placeholder and a Chinese value in it."""
    for name, value in values.items():
        text = value.striptags() if isinstance(value, Markup) else str(value)
        if _is_wide(text[:1]):
            template = template.replace(f" {{{name}}}", f"{{{name}}}")
        if _is_wide(text[-1:]):
            template = template.replace(f"{{{name}}} ", f"{{{name}}}")
    return template


def _is_wide(character: str) -> bool:
    return bool(character) and unicodedata.east_asian_width(character) in "WF"


def capital(sentence: str) -> str:
    """Return a sentence with its first letter as a capital; markup stays markup."""
    return sentence if sentence.startswith("<") else sentence[:1].upper() + sentence[1:]


def _ready(value: object) -> object:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return Count(value)
    if isinstance(value, str) and not isinstance(value, Markup):
        return visible(value)
    return value
