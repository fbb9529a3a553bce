"""Dense features shifted and scaled to mean 0 and variance 1, constants left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Standardiser:
    """Learned means and scales, ``(n_features,)`` each, float32; a constant's scale is infinite."""

    means: NDArray[np.float32]
    scales: NDArray[np.float32]

    @classmethod
    def fit(cls, features: NDArray[np.float32]) -> Standardiser:
        """Learn from ``(n, n_features)``, float32, finite."""
        means = features.mean(axis=0, dtype=np.float64)
        scales = features.std(axis=0, dtype=np.float64)
        # Rounding alone must not be blown up into a feature.
        constant = scales <= 1e-6 * np.maximum(np.abs(means), 1e-6)
        return cls(means.astype(np.float32), np.where(constant, np.inf, scales).astype(np.float32))

    def transform(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return ``(n, n_features)``, float32; constants become 0."""
        return ((features - self.means) / self.scales).astype(np.float32)

    def arrays(self, prefix: str) -> dict[str, NDArray[np.generic]]:
        """Return the state as named arrays."""
        return {f"{prefix}.means": self.means, f"{prefix}.scales": self.scales}

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, NDArray[np.generic]], prefix: str) -> Standardiser:
        """Return the standardiser whose state `arrays` gave."""
        return cls(
            np.asarray(arrays[f"{prefix}.means"], dtype=np.float32),
            np.asarray(arrays[f"{prefix}.scales"], dtype=np.float32),
        )
