"""The word of a comparison, from its adjusted p, its interval and the ROPE."""

from __future__ import annotations

import math


def word(difference: float, low: float, high: float, *, differs: bool, rope: float | None) -> str:
    """Return what may be said.

    Args:
        difference: Oriented: positive is better.
        low: Lower end of the adjusted interval; NaN where there is none.
        high: Upper end.
        differs: Whether the adjusted test calls it different from 0.
        rope: The difference that would not matter; None: nothing is called equivalent.

    Returns:
        ``"better"``, ``"worse"``, ``"better-trivially"``, ``"worse-trivially"`` (it differs, and
        by less than matters), ``"equivalent"`` or ``"undecided"``.
    """
    inside = rope is not None and not math.isnan(low) and -rope <= low and high <= rope
    if differs:
        return ("better" if difference > 0 else "worse") + ("-trivially" if inside else "")
    return "equivalent" if inside else "undecided"
