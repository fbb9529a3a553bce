"""Spaces of contenders that declare none themselves; ``tuned:`` searches them.

To make a contender tunable, give its class a method ``space()`` (see `bakeoff.tuning.space`); it
goes before a line here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bakeoff.tuning.space import Choice, Integers, Reals, Tunable

if TYPE_CHECKING:
    from bakeoff.contenders.base import Contender
    from bakeoff.tuning.space import Space

_PENALTY = Reals(0.01, 100.0, log=True)

SPACES: dict[str, Space] = {
    "ngram-linear": {"C": _PENALTY},
    "ngram-lm": {"character_order": Integers(2, 6), "word_order": Integers(1, 3)},
    "pair-linear": {"C": _PENALTY, "leaves": Integers(3, 31, log=True)},
    "bm25-knn": {"k": Integers(1, 50, log=True)},
    "tabular-linear": {"C": _PENALTY},
    "lightgbm": {
        "leaves": Integers(4, 64, log=True),
        "learning_rate": Reals(0.02, 0.2, log=True),
    },
    "word2vec-linear": {"C": _PENALTY, "size": Choice((50, 100, 200)), "window": Integers(2, 10)},
    "pixels-linear": {"C": _PENALTY},
    "hog-linear": {"C": _PENALTY},
}
"""Registry name -> space; every key of a space is a setting of the contender."""


def space_of(part: Contender) -> Space:
    """Return what can be tuned of a contender; empty if nothing is declared."""
    if isinstance(part, Tunable):
        return part.space()
    return SPACES.get(part.card.name, {})
