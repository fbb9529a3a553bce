"""The answers of the training pictures whose pixels are most alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from bakeoff.contenders.base import Card, Contender, Fitted
from bakeoff.data.columns import ColumnType
from bakeoff.models.images import natural_side, small_pictures
from bakeoff.models.neighbours import COUNTS, base_of, choose_count, top, vote
from bakeoff.models.outputs import to_predictions
from bakeoff.models.state import load_state, save_state
from bakeoff.tasks.examples import Examples

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from bakeoff.contenders.base import Context
    from bakeoff.data.inputs import Inputs
    from bakeoff.tasks.predictions import Predictions
    from bakeoff.tasks.spec import TaskSpec

_DEFAULT_K = 5
_LARGEST_SIDE = 16
_QUERIES_AT_A_TIME = 512


@dataclass(frozen=True)
class PixelsKnn(Contender):
    """Votes of the ``k`` training pictures with the highest correlation of pixels.

    Args:
        k: Number of neighbours; None: the best on the validation rows, 5 where there are none.
    """

    card: ClassVar[Card] = Card(
        name="pixels-knn",
        title="nearest pictures",
        seconds_per_1000=0.2,
        family="neighbours",
        summary="votes of the training pictures nearest by their pixels",
        kinds=frozenset({"classification", "regression"}),
        reads=frozenset({ColumnType.IMAGE}),
        needs=frozenset({ColumnType.IMAGE}),
        abilities=frozenset({"probabilities", "confidence"}),
        rank=2,
    )

    k: int | None = None

    def fit(self, train: Examples, valid: Examples | None, context: Context) -> PixelsKnnFitted:
        """Choose ``k`` on ``valid``, then keep the pictures of both parts."""
        del context
        columns = train.inputs.named(ColumnType.IMAGE)
        n_classes = len(train.task.classes)
        side = min(natural_side(train.inputs.images(columns[0])), _LARGEST_SIDE)
        pixels = _directions(train.inputs, columns, side)
        k = _DEFAULT_K if self.k is None else self.k
        if valid is not None and len(valid):
            held_out = _directions(valid.inputs, columns, side)
            if self.k is None:
                scores, positions = _nearest(pixels, held_out, max(COUNTS))
                base = base_of(train.targets, n_classes)
                k = choose_count(scores, train.targets[positions], valid.targets, base, k)
            pixels = np.concatenate([pixels, held_out])
        targets = Examples.concatenate(train, valid).targets
        return PixelsKnnFitted(columns, side, pixels, targets, n_classes, k)

    def load(self, folder: Path, task: TaskSpec) -> PixelsKnnFitted:
        """Read back what `PixelsKnnFitted.save` wrote."""
        state = load_state(folder)
        return PixelsKnnFitted(
            state.texts("columns"),
            int(state.number("side")),
            np.asarray(state.arrays["pixels"], dtype=np.float32),
            state.arrays["targets"],
            len(task.classes),
            int(state.number("k")),
        )


@dataclass(frozen=True, slots=True)
class PixelsKnnFitted(Fitted):
    """Training pictures as directions, ``(n, side * side * 3 * n_columns)``, and targets."""

    columns: tuple[str, ...]
    side: int
    pixels: NDArray[np.float32]
    targets: NDArray[Any]
    n_classes: int
    k: int

    def predict(self, inputs: Inputs, context: Context) -> Predictions:
        """Return the votes of the neighbours."""
        del context
        queries = _directions(inputs, self.columns, self.side)
        scores, positions = _nearest(self.pixels, queries, self.k)
        base = base_of(self.targets, self.n_classes)
        return to_predictions(inputs.ids, vote(scores, self.targets[positions], base))

    def save(self, folder: Path) -> None:
        """Write pixels and targets."""
        save_state(
            folder,
            {"columns": list(self.columns), "side": self.side, "k": self.k},
            {"pixels": self.pixels, "targets": self.targets},
        )


def _directions(inputs: Inputs, columns: tuple[str, ...], side: int) -> NDArray[np.float32]:
    """Return each row's pixels with mean 0 and length 1, so that products are correlations."""
    pictures = [small_pictures(inputs.images(name), side) for name in columns]
    flat = np.stack(pictures, axis=1).reshape(len(inputs), -1 if len(inputs) else 0)
    if len(inputs) == 0:
        return np.zeros((0, side * side * 3 * len(columns)), dtype=np.float32)
    flat = flat - flat.mean(axis=1, keepdims=True)
    lengths = np.linalg.norm(flat, axis=1, keepdims=True)
    return np.asarray(flat / np.where(lengths > 1e-6, lengths, np.inf), dtype=np.float32)


def _nearest(
    pixels: NDArray[np.float32], queries: NDArray[np.float32], k: int
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return correlations (at least 0) and positions of the ``k`` nearest, nearest first."""
    k = min(k, len(pixels))
    scores = np.zeros((len(queries), k), dtype=np.float32)
    positions = np.zeros((len(queries), k), dtype=np.int64)
    for start in range(0, len(queries), _QUERIES_AT_A_TIME):
        part = slice(start, start + _QUERIES_AT_A_TIME)
        # Rounded, because a product's last bits hang on how many rows are multiplied at once.
        every = np.round(np.maximum(queries[part] @ pixels.T, 0), 4)
        positions[part] = top(every, k)
        scores[part] = np.take_along_axis(every, positions[part], axis=1)
    return scores, positions
