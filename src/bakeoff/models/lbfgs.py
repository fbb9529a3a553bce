"""L-BFGS in single precision with a diagonal preconditioner, for smooth convex functions.

scipy's L-BFGS-B keeps everything in double precision and spends most of its time on its own
bookkeeping once there are millions of weights; this one costs little beside the gradient.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Objective = Callable[[NDArray[np.float32]], tuple[float, NDArray[np.float32]]]

_MEMORY = 6
_SUFFICIENT_DECREASE = 1e-4
_SHRINK = 0.4
_SMALLEST_STEP = 1e-6


def minimise(
    objective: Objective,
    start: NDArray[np.float32],
    *,
    preconditioner: NDArray[np.float32],
    iterations: int,
    tolerance: float = 1e-4,
) -> NDArray[np.float32]:
    """Return where the function is least, or where the iterations ended.

    Nocedal and Wright, *Numerical Optimization* (2006), algorithms 7.4 and 3.1.

    Args:
        objective: Returns value and gradient at a point.
        start: Any shape, float32.
        preconditioner: Broadcasts to the shape of ``start``, float32, positive: an estimate of
            the inverse of the Hessian's diagonal.
        iterations: At the most.
        tolerance: Ends where one iteration lowers the value by less than this share of it.
    """
    point = start
    value, gradient = objective(point)
    memory: list[tuple[NDArray[np.float32], NDArray[np.float32], float]] = []
    for _ in range(iterations):
        direction = _direction(gradient, memory, preconditioner)
        slope = float(np.vdot(gradient, direction))
        if not slope < 0:
            break
        step = 1.0
        while True:
            moved = point + np.float32(step) * direction
            moved_value, moved_gradient = objective(moved)
            if moved_value <= value + _SUFFICIENT_DECREASE * step * slope:
                break
            step *= _SHRINK
            if step < _SMALLEST_STEP:
                # Single precision can show no further decrease.
                return point
        shift, change = moved - point, moved_gradient - gradient
        curvature = float(np.vdot(shift, change))
        if curvature > 0:
            memory = [*memory, (shift, change, 1 / curvature)][-_MEMORY:]
        decrease = value - moved_value
        point, value, gradient = moved, moved_value, moved_gradient
        if decrease < tolerance * abs(value):
            break
    return point


def _direction(
    gradient: NDArray[np.float32],
    memory: list[tuple[NDArray[np.float32], NDArray[np.float32], float]],
    preconditioner: NDArray[np.float32],
) -> NDArray[np.float32]:
    """Return minus the estimated inverse Hessian times the gradient (the two-loop recursion)."""
    direction = -gradient
    shares = []
    for shift, change, scale in reversed(memory):
        share = np.float32(scale * float(np.vdot(shift, direction)))
        direction -= share * change
        shares.append(share)
    direction *= preconditioner
    if memory:
        _, change, scale = memory[-1]
        direction *= np.float32(1 / (scale * float(np.vdot(change * preconditioner, change))))
    for (shift, change, scale), share in zip(memory, reversed(shares), strict=True):
        direction += (share - np.float32(scale * float(np.vdot(change, direction)))) * shift
    return direction
