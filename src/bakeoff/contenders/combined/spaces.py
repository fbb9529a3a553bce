"""Spaces of contenders that declare none themselves; ``tuned:`` searches them.

To make a contender tunable, give its class a method ``space()`` (see `bakeoff.tuning.space`); it
goes before a line here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bakeoff.tuning.space import Reals, Tunable

if TYPE_CHECKING:
    from bakeoff.contenders.base import Contender
    from bakeoff.tuning.space import Space

SPACES: dict[str, Space] = {
    "ngram-linear": {"C": Reals(0.1, 100.0, log=True)},
}
"""Registry name -> space; every key of a space is a setting of the contender."""


def space_of(part: Contender) -> Space:
    """Return what can be tuned of a contender; empty if nothing is declared."""
    if isinstance(part, Tunable):
        return part.space()
    return SPACES.get(part.card.name, {})
