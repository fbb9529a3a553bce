"""Meters: what calls use is counted and stopped at a limit, in a cell and over the whole run."""

from __future__ import annotations

import fcntl
import os
import struct
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bakeoff.core.errors import BudgetReachedError
from bakeoff.core.files import storage_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

CALLS, DOLLARS = "calls", "dollars"


@dataclass(frozen=True, slots=True)
class Purse:
    """What a run may spend, shared by its processes; a resumed run goes on with what is left.

    Args:
        path: File that holds what was spent so far.
        limits: Unit (`CALLS`, `DOLLARS`) -> the most of it.
    """

    path: Path
    limits: Mapping[str, float]

    def add(self, unit: str, amount: float) -> None:
        """Count ``amount`` of ``unit``, whoever used it.

        Raises:
            BudgetReachedError: The run has gone beyond the limit of this unit.
            StorageError: The file cannot be written.
        """
        if unit not in self.limits:
            return
        place = (CALLS, DOLLARS).index(unit)
        with storage_errors(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX)
                spent = list(struct.unpack("<2d", os.pread(handle, 16, 0).ljust(16, b"\0")))
                spent[place] += amount
                beyond = _is_beyond(spent[place], self.limits[unit])
                # A call that is refused is not made; dollars are spent by the time they count.
                if not beyond or unit != CALLS:
                    os.pwrite(handle, struct.pack("<2d", *spent), 0)
            finally:
                os.close(handle)
        if beyond:
            raise _reached(self.limits[unit], unit)


@dataclass(slots=True)
class Counter:
    """The meter of one cell.

    Args:
        counts: Of each unit, so far; `DOLLARS` too, where prices are known.
        limits: Unit -> the most of it that this cell may use.
        price: Dollars of an amount of a unit; None where not known.
        purse: Of the run, where it has limits.
    """

    counts: dict[str, float] = field(default_factory=dict)
    limits: Mapping[str, float] = field(default_factory=dict)
    price: Callable[[str, float], float | None] = lambda _unit, _amount: None
    purse: Purse | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, unit: str, amount: float) -> None:
        """Count ``amount`` of ``unit``.

        Raises:
            BudgetReachedError: It goes beyond the limit of the unit, or of dollars.
        """
        # Calls are made side by side.
        with self._lock:
            self._count(unit, amount)
            cost = self.price(unit, amount)
            if cost:
                self._count(DOLLARS, cost)

    def _count(self, unit: str, amount: float) -> None:
        self.counts[unit] = self.counts.get(unit, 0.0) + amount
        beyond = unit in self.limits and _is_beyond(self.counts[unit], self.limits[unit])
        if self.purse is not None and not (beyond and unit == CALLS):
            self.purse.add(unit, amount)
        if beyond:
            raise _reached(self.limits[unit], unit)


def _is_beyond(used: float, limit: float) -> bool:
    # A sum of many small prices may miss its limit by a rounding error.
    return used > limit * (1 + 1e-9)


def _reached(limit: float, unit: str) -> BudgetReachedError:
    return BudgetReachedError(f"the limit of {limit:g} {unit} is reached")
