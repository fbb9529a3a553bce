"""The task: what is predicted from what, judged by what."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bakeoff.data.columns import Column


@dataclass(frozen=True, slots=True)
class TaskSpec:
    """What is predicted from what.

    Args:
        kind: Registry name of the kind, for example ``"classification"``.
        inputs: The columns that contenders see, with their types.
        target: Column that is predicted.
        classes: For kinds with classes: their names in the order of every probability column,
            fixed for the whole plan.
        metrics: Registry names; the first is primary.
        group: Column whose equal values stay on one side of every split, or None.
        settings: What one kind needs beside these (k of NDCG@k, block length, ...).
    """

    kind: str
    inputs: tuple[Column, ...]
    target: str
    metrics: tuple[str, ...]
    classes: tuple[str, ...] = ()
    group: str | None = None
    settings: tuple[tuple[str, str], ...] = field(default_factory=tuple)

    @property
    def primary(self) -> str:
        """The metric that the verdict is about."""
        return self.metrics[0]

    @property
    def input_names(self) -> tuple[str, ...]:
        """Names of the input columns."""
        return tuple(column.name for column in self.inputs)
