"""Numbers that were written elsewhere."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def read_numbers(
    texts: Sequence[str | None], least: float = -math.inf
) -> tuple[NDArray[np.float64], list[str | None]]:
    """Return ``(n,)`` numbers, NaN where there is none, and why there is none, or None.

    Args:
        texts: As they were written; None or blank: ``"missing"``.
        least: What is below, or not a finite number, is ``"outside"``.
    """
    values = np.full(len(texts), np.nan)
    status: list[str | None] = []
    for position, text in enumerate(texts):
        if text is None or not text.strip():
            status.append("missing")
            continue
        try:
            number = float(text)
        except ValueError:
            number = math.nan
        usable = math.isfinite(number) and number >= least
        values[position] = number if usable else np.nan
        status.append(None if usable else "outside")
    return values, status
