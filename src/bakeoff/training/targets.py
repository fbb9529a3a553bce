"""Targets as a net learns them, and its outputs as predictions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from scipy.special import softmax

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bakeoff.models.state import State


@dataclass(frozen=True, slots=True)
class TargetScale:
    """Classes as they are, numbers brought to mean 0 and deviation 1 while learning.

    Args:
        n_classes: 0 for numbers.
        mean: Of the training targets (numbers alone).
        deviation: Of the training targets (numbers alone); 0 where all are alike, so that nothing
            but that number is predicted.
        present: Codes of the classes that were there to learn from; the others get no probability.
            None: all.
    """

    n_classes: int
    mean: float = 0.0
    deviation: float = 1.0
    present: tuple[int, ...] | None = None

    @property
    def width(self) -> int:
        """Outputs that a net needs: the number of classes, 1 for numbers."""
        return self.n_classes or 1

    @classmethod
    def fit(cls, targets: NDArray[Any], n_classes: int) -> TargetScale:
        """Return the scale of the training targets: ``(n,)``, or ``(n, n_classes)`` shares."""
        if targets.ndim == 2:
            return cls(n_classes, present=tuple(np.flatnonzero(targets.sum(axis=0)).tolist()))
        if n_classes:
            return cls(n_classes, present=tuple(np.unique(targets).tolist()))
        return cls(0, float(np.mean(targets)), float(np.std(targets)))

    def with_classes(self, targets: NDArray[Any]) -> TargetScale:
        """Return the scale with the classes of more rows; that of numbers stays what it is."""
        if not self.n_classes or self.present is None:
            return self
        return replace(self, present=tuple(sorted({*self.present, *np.unique(targets).tolist()})))

    @classmethod
    def of(cls, state: State, n_classes: int) -> TargetScale:
        """Return the scale that a saved model holds, as `values` gave it.

        Raises:
            ArtefactError: The model holds none.
        """
        present = tuple(int(code) for code in state.texts("present"))
        return cls(n_classes, state.number("mean"), state.number("deviation"), present or None)

    def values(self) -> dict[str, float | list[int]]:
        """Return what a model saves of it, for `models.state.save_state`."""
        return {"mean": self.mean, "deviation": self.deviation, "present": [*(self.present or ())]}

    def tensor(self, targets: NDArray[Any]) -> torch.Tensor:
        """Return ``(n,)``: int64 class codes, or float32 scaled numbers.

        Shares of classes stay what they are: ``(n, n_classes)``, float32.
        """
        if targets.ndim == 2:
            return torch.from_numpy(np.asarray(targets, dtype=np.float32))
        if self.n_classes:
            return torch.from_numpy(np.asarray(targets, dtype=np.int64))
        scaled = (np.asarray(targets, dtype=np.float64) - self.mean) / (self.deviation or 1.0)
        return torch.from_numpy(scaled.astype(np.float32))

    def predictions(self, outputs: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return ``(n, n_classes)`` probabilities or ``(n,)`` numbers from raw ``(n, width)``."""
        exact = outputs.astype(np.float64)
        if self.n_classes:
            if self.present is not None:
                absent = np.setdiff1d(np.arange(self.n_classes), self.present)
                exact[:, absent] = -np.inf
            return np.asarray(softmax(exact, axis=1), dtype=np.float64)
        return np.asarray(exact[:, 0] * self.deviation + self.mean, dtype=np.float64)
