"""Dense features brought to one scale, and a linear model on them whose penalty is chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from bakeoff.models.linear_head import Rows, choose_c, fit_head, load_head
from bakeoff.models.standardiser import Standardiser

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from bakeoff.models.linear_head import LinearHead

DEFAULT_C = 0.03
"""Inverse strength of the penalty where no rows are held out to choose it."""


@dataclass(frozen=True, slots=True)
class ScaledHead:
    """Learned scales and weights."""

    scale: Standardiser
    head: LinearHead

    @classmethod
    def fit(
        cls,
        train: tuple[NDArray[np.float32], NDArray[Any]],
        valid: tuple[NDArray[np.float32], NDArray[Any]] | None,
        n_classes: int,
        C: float | None,  # noqa: N803 - the name that everyone knows
    ) -> ScaledHead:
        """Choose the penalty on ``valid``, then learn from both parts.

        Args:
            train: Features ``(n, n_features)``, float32, and targets ``(n,)``.
            valid: The same of held-out rows, or None.
            n_classes: Number of classes of the task; 0 for numbers.
            C: Inverse strength of the penalty; None: the best on ``valid``.
        """
        features, targets = train
        chosen = DEFAULT_C if C is None else C
        if valid is not None:
            if C is None:
                scale = Standardiser.fit(features)
                learn = Rows(scale.transform(features), targets)
                judge = Rows(scale.transform(valid[0]), valid[1])
                chosen = choose_c(learn, judge, n_classes, DEFAULT_C)
            features = np.concatenate([features, valid[0]])
            targets = np.concatenate([targets, valid[1]])
        scale = Standardiser.fit(features)
        return cls(scale, fit_head(Rows(scale.transform(features), targets), n_classes, chosen))

    @property
    def n_weights(self) -> int:
        """Number of the linear model's weights."""
        return int(self.head.weights.size)

    @property
    def n_bytes(self) -> int:
        """Bytes that scales and weights take."""
        return sum(array.nbytes for array in self.arrays("").values())

    def outputs(self, features: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return ``(n, n_classes)`` probabilities or ``(n,)`` numbers, float64."""
        return self.head.outputs(self.scale.transform(features))

    def arrays(self, prefix: str) -> dict[str, NDArray[np.generic]]:
        """Return the state as named arrays."""
        return self.scale.arrays(f"{prefix}.scale") | self.head.arrays(f"{prefix}.head")

    @classmethod
    def of_arrays(
        cls, arrays: Mapping[str, NDArray[np.generic]], prefix: str, n_classes: int
    ) -> ScaledHead:
        """Return what `arrays` gave."""
        return cls(
            Standardiser.of_arrays(arrays, f"{prefix}.scale"),
            load_head(arrays, f"{prefix}.head", n_classes),
        )
