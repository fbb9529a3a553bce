"""How the learning rate moves over a fit."""

from __future__ import annotations

import math


def rate_share(step: int, steps: int, warmup: float) -> float:
    """Return the share of the peak rate at a step: a rise, then half a cosine down to nothing.

    Source: Loshchilov & Hutter 2017, 'SGDR: Stochastic Gradient Descent with Warm Restarts'
    (without restarts).

    Args:
        step: From 0.
        steps: Of the whole fit; further ones get nothing.
        warmup: Share of the steps over which the rate rises; the first step is never 0.
    """
    rise = max(1, round(warmup * steps))
    if step < rise:
        return (step + 1) / rise
    return 0.5 * (1 + math.cos(math.pi * min(1.0, (step - rise) / max(1, steps - rise))))
