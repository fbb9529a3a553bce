"""Ridge regression on sparse or dense features."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Features = NDArray[np.float32] | sp.csr_matrix


@dataclass(frozen=True, slots=True)
class Ridge:
    """Learned weights: ``(n_features + 1,)``, float64, the last one the intercept."""

    weights: NDArray[np.float64]

    @classmethod
    def fit(cls, features: Features, targets: NDArray[np.float64], *, alpha: float) -> Ridge:
        """Minimise ``sum(error**2) + alpha * sum(weights**2)``; the intercept goes free.

        Args:
            features: ``(n, n_features)``, float32, CSR or dense.
            targets: ``(n,)``, float64, finite.
            alpha: Strength of the penalty.
        """
        from sklearn.linear_model import Ridge as Solver

        if features.shape[1] == 0:
            return cls(np.asarray([targets.mean()]))
        solver = Solver(alpha=alpha, solver="sparse_cg" if sp.issparse(features) else "cholesky")
        solver.fit(features.astype(np.float64), targets)
        return cls(np.append(solver.coef_, solver.intercept_))

    def adapted(self, features: Features, targets: NDArray[np.float64], *, alpha: float) -> Ridge:
        """Return a model of other rows that is drawn towards this one instead of towards zero."""
        away = Ridge.fit(features, targets - self.outputs(features), alpha=alpha)
        return Ridge(self.weights + away.weights)

    def outputs(self, features: Features) -> NDArray[np.float64]:
        """Return ``(n,)``, float64."""
        return np.asarray(features @ self.weights[:-1] + self.weights[-1], dtype=np.float64)

    def arrays(self, prefix: str) -> dict[str, NDArray[np.generic]]:
        """Return the state as named arrays."""
        return {f"{prefix}.weights": self.weights}

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, NDArray[np.generic]], prefix: str) -> Ridge:
        """Return the model whose state `arrays` gave."""
        return cls(np.asarray(arrays[f"{prefix}.weights"], dtype=np.float64))
