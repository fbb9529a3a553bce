"""Spaces: which values a contender's settings may take while they are tuned."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    import numpy as np

Value = str | int | float | bool | None


class Dimension(Protocol):
    """Where the values of one setting come from."""

    def draw(self, rng: np.random.Generator) -> Value:
        """Return one value."""


Space = Mapping[str, Dimension]
"""Name of a setting -> where its values come from."""


@runtime_checkable
class Tunable(Protocol):
    """A contender that declares its own space; it then needs no line in any table."""

    def space(self) -> Space:
        """Return what can be tuned, and within which limits."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some values, each as likely."""

    values: tuple[Value, ...]

    def draw(self, rng: np.random.Generator) -> Value:
        """Return one of the values."""
        return self.values[int(rng.integers(len(self.values)))]


@dataclass(frozen=True, slots=True)
class Integers:
    """Whole numbers from ``low`` to ``high``, both included; evenly on the log scale if ``log``."""

    low: int
    high: int
    log: bool = False

    def draw(self, rng: np.random.Generator) -> Value:
        """Return one whole number."""
        if not self.log:
            return int(rng.integers(self.low, self.high + 1))
        drawn = math.exp(rng.uniform(math.log(self.low), math.log(self.high + 1)))
        return min(int(drawn), self.high)


@dataclass(frozen=True, slots=True)
class Reals:
    """Numbers between ``low`` and ``high``; evenly on the log scale if ``log``.

    Values have three significant digits: they stand in names that people read and type.
    """

    low: float
    high: float
    log: bool = False

    def draw(self, rng: np.random.Generator) -> Value:
        """Return one number."""
        if self.log:
            drawn = math.exp(rng.uniform(math.log(self.low), math.log(self.high)))
        else:
            drawn = rng.uniform(self.low, self.high)
        return min(max(float(f"{drawn:.3g}"), self.low), self.high)
