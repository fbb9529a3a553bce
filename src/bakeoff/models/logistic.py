"""Multinomial logistic regression on sparse or dense features, fast for many classes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp
from scipy.special import expit, softmax

from bakeoff.models.lbfgs import minimise

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from bakeoff.models.lbfgs import Objective

    Features = NDArray[np.float32] | sp.csr_matrix
    Anchor = NDArray[np.float32] | None
    """Weights that the penalty draws to; None: zero."""

ITERATIONS = 60


@dataclass(frozen=True, slots=True)
class LogisticRegression:
    """Learned weights.

    Args:
        weights: ``(n_features + 1, m)``, float32, the last row the intercepts; ``m`` is 1 for two
            present classes, else the number of present classes.
        present: ``(p,)``, int32: codes of the classes that were seen in training.
        n_classes: Number of classes of the task; absent ones get probability 0.
    """

    weights: NDArray[np.float32]
    present: NDArray[np.int32]
    n_classes: int

    @classmethod
    def fit(
        cls,
        features: Features,
        codes: NDArray[Any],
        n_classes: int,
        *,
        C: float,  # noqa: N803 - the name that everyone knows
        start: LogisticRegression | None = None,
        iterations: int = ITERATIONS,
    ) -> LogisticRegression:
        """Minimise ``C * sum(log loss) + sum(weights**2) / 2``; intercepts go free.

        Args:
            features: ``(n, n_features)``, float32, CSR or dense.
            codes: ``(n,)``, int: class codes; or ``(n, n_classes)``, float: the share of each class
                in a row's target, rows sum to 1.
            n_classes: Number of classes of the task.
            C: Inverse strength of the penalty, as in scikit-learn.
            start: A model of the same features and classes to set out from.
            iterations: Of L-BFGS, at the most.
        """
        present, dense_codes = _present(codes)
        columns = len(present) if len(present) > 2 else len(present) - 1
        weights = np.zeros((features.shape[1] + 1, columns), dtype=np.float32)
        if columns:
            make = _binary if columns == 1 else _multinomial
            weights = minimise(
                make(features, dense_codes, C),
                weights if start is None else start.weights,
                preconditioner=_preconditioner(features, columns, C),
                iterations=iterations,
            )
        return cls(weights, present.astype(np.int32), n_classes)

    def adapted(
        self,
        features: Features,
        codes: NDArray[np.integer],
        *,
        C: float,  # noqa: N803 - the name that everyone knows
        iterations: int = ITERATIONS,
    ) -> LogisticRegression:
        """Return a model of other rows that is drawn towards this one instead of towards zero.

        Minimises ``C * sum(log loss) + sum((weights - these weights)**2) / 2`` (Chelba and Acero
        2006, "Adaptation of maximum entropy capitalizer"). A class that is new here begins at zero.

        Args:
            features: ``(n, n_features)``, float32, the same features.
            codes: ``(n,)``, int: class codes.
            C: How far the rows may draw it away.
            iterations: Of L-BFGS, at the most.
        """
        present = np.union1d(self.present, codes)
        anchor = self._for_classes(present)
        weights = anchor
        if anchor.shape[1]:
            make = _binary if anchor.shape[1] == 1 else _multinomial
            weights = minimise(
                make(features, np.searchsorted(present, codes), C, anchor),
                anchor,
                preconditioner=_preconditioner(features, anchor.shape[1], C),
                iterations=iterations,
            )
        return LogisticRegression(weights, present.astype(np.int32), self.n_classes)

    def _for_classes(self, present: NDArray[np.integer]) -> NDArray[np.float32]:
        """Return the weights with a column for each of more classes: two share a single one."""
        if len(present) == len(self.present):
            return self.weights
        columns = len(present) if len(present) > 2 else 1
        weights = np.zeros((len(self.weights), columns), dtype=np.float32)
        known = np.searchsorted(present, self.present)
        if len(known) == 2:
            weights[:, known[1:]] = self.weights
        elif len(known) > 2:
            weights[:, known] = self.weights
        return weights

    def outputs(self, features: Features) -> NDArray[np.float64]:
        """Return ``(n, n_classes)``, float64, rows sum to 1."""
        found = np.zeros((features.shape[0], self.n_classes))
        if len(self.present) == 1:
            found[:, self.present] = 1.0
            return found
        logits = _logits(features, self.weights).astype(np.float64)
        if logits.shape[1] == 1:
            second = expit(logits)
            found[:, self.present] = np.concatenate([1 - second, second], axis=1)
        else:
            found[:, self.present] = softmax(logits, axis=1)
        return found

    def arrays(self, prefix: str) -> dict[str, NDArray[np.generic]]:
        """Return the state as named arrays."""
        size = np.asarray([self.n_classes], dtype=np.int32)
        return {
            f"{prefix}.weights": self.weights,
            f"{prefix}.present": self.present,
            f"{prefix}.n_classes": size,
        }

    @classmethod
    def of_arrays(
        cls, arrays: Mapping[str, NDArray[np.generic]], prefix: str
    ) -> LogisticRegression:
        """Return the model whose state `arrays` gave."""
        return cls(
            np.asarray(arrays[f"{prefix}.weights"], dtype=np.float32),
            np.asarray(arrays[f"{prefix}.present"], dtype=np.int32),
            int(arrays[f"{prefix}.n_classes"][0]),
        )


def _present(codes: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the classes that occur, and the targets counted in these alone."""
    if codes.ndim == 1:
        present, dense = np.unique(codes, return_inverse=True)
        return present, dense
    found = np.flatnonzero(codes.sum(axis=0))
    return found, codes[:, found].astype(np.float32)


def _logits(features: Features, weights: NDArray[np.float32]) -> NDArray[np.float32]:
    logits: NDArray[np.float32] = features @ weights[:-1]
    logits += weights[-1]
    return logits


def _transposed(features: Features) -> Features:
    # A CSR copy of the transpose: scipy multiplies by it faster than by the CSC view.
    return features.T.tocsr() if sp.issparse(features) else features.T


def _preconditioner(features: Features, columns: int, c: float) -> NDArray[np.float32]:
    """Return the inverse of a guess at the Hessian's diagonal: ``(n_features + 1, 1)``."""
    squares = features.multiply(features) if sp.issparse(features) else features * features
    sums = np.append(np.asarray(squares.sum(axis=0)).ravel(), features.shape[0])
    curvature = sums / (4 * max(columns, 2))
    return (1 / (1 / c + curvature)).astype(np.float32)[:, None]


def _penalised(
    loss: float,
    errors: NDArray[np.float32],
    weights: NDArray[np.float32],
    transposed: Features,
    c: float,
    anchor: NDArray[np.float32] | None,
) -> tuple[float, NDArray[np.float32]]:
    """Return value and gradient, divided by ``c``, from the loss and its slope in the logits."""
    body = weights[:-1] if anchor is None else weights[:-1] - anchor[:-1]
    gradient = np.empty_like(weights)
    gradient[:-1] = transposed @ errors
    gradient[:-1] += body * np.float32(1 / c)
    gradient[-1] = errors.sum(axis=0)
    return loss + 0.5 / c * float(np.vdot(body, body)), gradient


def _multinomial(
    features: Features, codes: NDArray[Any], c: float, anchor: Anchor = None
) -> Objective:
    if codes.ndim == 2:
        return _multinomial_soft(features, codes, c, anchor)
    transposed = _transposed(features)
    rows = np.arange(features.shape[0])

    def objective(weights: NDArray[np.float32]) -> tuple[float, NDArray[np.float32]]:
        values = _logits(features, weights)
        values -= values.max(axis=1, keepdims=True)
        true = values[rows, codes]
        np.exp(values, out=values)
        sums = values.sum(axis=1)
        loss = float((np.log(sums) - true).sum(dtype=np.float64))
        values /= sums[:, None]
        values[rows, codes] -= 1
        return _penalised(loss, values, weights, transposed, c, anchor)

    return objective


def _multinomial_soft(
    features: Features, masses: NDArray[np.float32], c: float, anchor: Anchor
) -> Objective:
    transposed = _transposed(features)

    def objective(weights: NDArray[np.float32]) -> tuple[float, NDArray[np.float32]]:
        values = _logits(features, weights)
        values -= values.max(axis=1, keepdims=True)
        wanted = (values * masses).sum(axis=1)
        np.exp(values, out=values)
        sums = values.sum(axis=1)
        loss = float((np.log(sums) - wanted).sum(dtype=np.float64))
        values /= sums[:, None]
        values -= masses
        return _penalised(loss, values, weights, transposed, c, anchor)

    return objective


def _binary(features: Features, codes: NDArray[Any], c: float, anchor: Anchor = None) -> Objective:
    transposed = _transposed(features)
    second = codes[:, 1:] if codes.ndim == 2 else codes.astype(np.float32)[:, None]

    def objective(weights: NDArray[np.float32]) -> tuple[float, NDArray[np.float32]]:
        values = _logits(features, weights)
        loss = float((np.logaddexp(0, values) - second * values).sum(dtype=np.float64))
        return _penalised(loss, expit(values) - second, weights, transposed, c, anchor)

    return objective
