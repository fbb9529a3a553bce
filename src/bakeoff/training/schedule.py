"""How the learning rate moves over a fit."""

from __future__ import annotations

import math

FALL = 0.2
"""Share of the steps over which a trapezoid falls."""


def rate_share(step: int, steps: int, warmup: float, schedule: str = "cosine") -> float:
    """Return the share of the peak rate at a step: a rise, then a fall to nothing.

    - ``cosine``: half a cosine from the rise to the end (Loshchilov & Hutter 2017, 'SGDR:
      Stochastic Gradient Descent with Warm Restarts', without restarts);
    - ``trapezoid``: level, then a straight line over the last fifth (Zhai et al. 2022, 'Scaling
      Vision Transformers'; Hägele et al. 2024, 'Scaling Laws and Compute-Optimal Training Beyond
      Fixed Training Durations').

    Args:
        step: From 0.
        steps: Of the whole fit; further ones get nothing.
        warmup: Share of the steps over which the rate rises; the first step is never 0.
        schedule: Of `recipe.SCHEDULES`.
    """
    rise = max(1, round(warmup * steps))
    if step < rise:
        return (step + 1) / rise
    if schedule == "trapezoid":
        fall = max(1, min(round(FALL * steps), steps - rise))
        return max(0.0, min(1.0, (steps - step) / fall))
    return 0.5 * (1 + math.cos(math.pi * min(1.0, (step - rise) / max(1, steps - rise))))
