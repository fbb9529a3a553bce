"""Back-propagation in its four steps, on a net of two layers, in numpy and written out to be read.

The net takes ``x`` to ``a1 = tanh(x W1 + b1)`` and that to ``a2 = softmax(a1 W2 + b2)``; its loss
is the mean cross-entropy. With a row for an example, Nielsen's four equations become (``*``
multiplies number by number, ``@`` is the matrix product, ``z`` is what goes into the bend)::

    BP1   d2 = (a2 - y) / n                       the error of the output
    BP2   d1 = (d2 @ W2.T) * tanh'(z1)            the error, carried one layer back
    BP3   dL/db = the sum of d over the rows      what a bias is to blame for
    BP4   dL/dW = (what went in).T @ d            what a weight is to blame for

Sources: Rumelhart, Hinton & Williams 1986, 'Learning representations by back-propagating errors';
Nielsen 2015, 'Neural Networks and Deep Learning', chapter 2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bakeoff.core.seeds import generator

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights and biases of both layers; gradients have the same form.

    Args:
        W1: ``(n_inputs, n_hidden)``, float64.
        b1: ``(n_hidden,)``, float64.
        W2: ``(n_hidden, n_classes)``, float64.
        b2: ``(n_classes,)``, float64.
    """

    W1: NDArray[np.float64]
    b1: NDArray[np.float64]
    W2: NDArray[np.float64]
    b2: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Activations:
    """What the forward step leaves behind for the way back.

    Args:
        x: ``(n, n_inputs)``, float64: what went into the first layer.
        a1: ``(n, n_hidden)``, float64: what went into the second.
        a2: ``(n, n_classes)``, float64: probabilities, rows sum to 1.
    """

    x: NDArray[np.float64]
    a1: NDArray[np.float64]
    a2: NDArray[np.float64]


def forward(weights: Weights, x: NDArray[np.float64]) -> Activations:
    """Step 1, forward: the rows ``x``, ``(n, n_inputs)``, pass both layers."""
    a1 = np.tanh(x @ weights.W1 + weights.b1)
    z2 = a1 @ weights.W2 + weights.b2
    exponentials = np.exp(z2 - z2.max(axis=1, keepdims=True))
    a2 = exponentials / exponentials.sum(axis=1, keepdims=True)
    return Activations(x, a1, a2)


def output_error(passed: Activations, y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Step 2, output error (BP1): ``(n, n_classes)``; ``y`` has a 1 at each row's class."""
    return np.asarray((passed.a2 - y) / len(y))


def backward(weights: Weights, passed: Activations, d2: NDArray[np.float64]) -> Weights:
    """Step 3, backward (BP2 to BP4): carry the error back and blame weights and biases."""
    d1 = (d2 @ weights.W2.T) * (1 - passed.a1**2)  # tanh'(z) is 1 - tanh(z)^2
    return Weights(
        W1=passed.x.T @ d1,
        b1=d1.sum(axis=0),
        W2=passed.a1.T @ d2,
        b2=d2.sum(axis=0),
    )


def update(weights: Weights, gradients: Weights, learning_rate: float) -> Weights:
    """Step 4, update: go a little way against the gradient."""
    return Weights(
        W1=weights.W1 - learning_rate * gradients.W1,
        b1=weights.b1 - learning_rate * gradients.b1,
        W2=weights.W2 - learning_rate * gradients.W2,
        b2=weights.b2 - learning_rate * gradients.b2,
    )


def loss(passed: Activations, y: NDArray[np.float64]) -> float:
    """Return the mean cross-entropy in nats."""
    return float(-np.log(np.sum(passed.a2 * y, axis=1)).mean())


def initial_weights(n_inputs: int, n_hidden: int, n_classes: int, *, seed: int) -> Weights:
    """Return weights drawn so that sums keep their size (Glorot & Bengio 2010), biases 0."""
    rng = generator(seed, "backprop")
    return Weights(
        W1=rng.normal(0, np.sqrt(2 / (n_inputs + n_hidden)), (n_inputs, n_hidden)),
        b1=np.zeros(n_hidden),
        W2=rng.normal(0, np.sqrt(2 / (n_hidden + n_classes)), (n_hidden, n_classes)),
        b2=np.zeros(n_classes),
    )
