"""Axes: from values to places, and round numbers for the ticks."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Axis:
    """A range of values laid on a range of places.

    Args:
        low: Value at ``start``.
        high: Value at ``end``.
        start: Place, in the unit of the picture (per cent of a cell, pixels).
        end: Place of ``high``; may lie before ``start`` (an axis that points up).
        log: Whether equal steps are equal factors; ``low`` must then be positive.
    """

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def place(self, value: float) -> float:
        """Return where ``value`` lies; values off the axis lie at its ends."""
        inside = min(max(value, self.low), self.high)
        if self.log:
            share = math.log(inside / self.low) / math.log(self.high / self.low)
        else:
            share = (inside - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)

    def beyond(self, value: float) -> int:
        """Return -1 for a value below the axis, 1 above it, 0 on it."""
        return -1 if value < self.low else 1 if value > self.high else 0

    def ticks(self, most: int = 6) -> list[float]:
        """Return at most about ``most`` round values on the axis."""
        return _decades(self.low, self.high, most) if self.log else _round(self, most)


def linear(values: Iterable[float], start: float, end: float, *, pad: float = 0.04) -> Axis:
    """Return an axis over all finite ``values``, a little wider than they need."""
    low, high = _extent(values)
    if low == high:
        widen = abs(low) * 0.1 or 1.0
        low, high = low - widen, high + widen
    room = (high - low) * pad
    return Axis(low - room, high + room, start, end)


def logarithmic(values: Iterable[float], start: float, end: float) -> Axis:
    """Return a logarithmic axis over all positive ``values``, a little wider than they need."""
    low, high = _extent(value for value in values if value > 0)
    room = max((high / low) ** 0.06, 1.5) if low > 0 else 1.0
    return (
        Axis(low / room, high * room, start, end, log=True)
        if low > 0
        else Axis(0.1, 10, start, end, log=True)
    )


def _extent(values: Iterable[float]) -> tuple[float, float]:
    finite = [value for value in values if math.isfinite(value)]
    return (min(finite), max(finite)) if finite else (0.0, 0.0)


def _round(axis: Axis, most: int) -> list[float]:
    raw = (axis.high - axis.low) / max(most, 1)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(size * power for size in (1, 2, 2.5, 5, 10) if size * power >= raw * 0.999)
    first, last = math.ceil(axis.low / step - 1e-9), math.floor(axis.high / step + 1e-9)
    return [float(f"{number * step:.12g}") for number in range(first, last + 1)]


def _decades(low: float, high: float, most: int) -> list[float]:
    first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
    if last - first < 1:
        powers = range(first - 1, last + 1)
        marks = [size * 10.0**power for power in powers for size in (1, 2, 5)]
        return [float(f"{mark:.12g}") for mark in marks if low <= mark <= high]
    stride = math.ceil((last - first + 1) / most)
    return [float(f"1e{power}") for power in range(first, last + 1, stride)]


def decimals_of(ticks: Iterable[float]) -> int:
    """Return the fewest decimals that write all ticks in full."""
    return max((len(f"{tick:.10f}".rstrip("0").split(".")[1]) for tick in ticks), default=0)
