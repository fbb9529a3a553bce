"""What an audit looks at and what it returns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray

    from bakeoff.data.dataset import Dataset
    from bakeoff.data.target import Target

PARTS = ("main", "valid", "test")
MOST_ROWS_SHOWN = 10

Value = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """Something seen in the data (the fields of ``results.records.Finding``).

    Args:
        code: What it is; all codes stand in the docstring of `bakeoff.data.audit`.
        level: ``"info"``, ``"warning"`` (the reader must know) or ``"error"`` (the plan stops).
        values: Numbers and names for the sentence.
        rows: Positions of a few rows that show it.
    """

    code: str
    level: str
    values: dict[str, Value] = field(default_factory=dict)
    rows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Subject:
    """What is audited.

    Args:
        dataset: ``n`` rows that all have a label.
        target: What is predicted.
        inputs: Names of the input columns.
        group: Column whose equal values stay together, or None.
    """

    dataset: Dataset
    target: Target
    inputs: tuple[str, ...]
    group: str | None = None


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What was seen.

    Args:
        findings: In the order of the checks.
        duplicate_groups: ``(n,)``, int64: rows that are duplicates of each other, exact or near,
            have the same number.
        twins_of_test: Positions of rows of the main and valid parts that have a duplicate in the
            official test: ``(m,)``, int64, sorted.
    """

    findings: tuple[AuditFinding, ...]
    duplicate_groups: NDArray[np.int64]
    twins_of_test: NDArray[np.int64]


def some(positions: Iterable[int] | NDArray[np.int64]) -> tuple[int, ...]:
    """Return the first few positions, for `AuditFinding.rows`."""
    return tuple(int(position) for position in list(positions)[:MOST_ROWS_SHOWN])


def names(values: Iterable[str], most: int = 10) -> str:
    """Return names as one string, cut after ``most``."""
    everything = list(values)
    return ", ".join(everything[:most]) + (", ..." if len(everything) > most else "")
