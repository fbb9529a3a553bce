"""Two texts by how alike they are: cosines, overlaps, and n-grams in which they agree or differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from bakeoff.contenders.base import Card, Contender, Fitted
from bakeoff.core.errors import ArtefactError
from bakeoff.data.columns import ColumnType
from bakeoff.models.boosting import BoostedTrees, BoostingSettings
from bakeoff.models.linear_head import Rows, fit_head, load_head
from bakeoff.models.out_of_fold import out_of_fold, score_features
from bakeoff.models.outputs import to_predictions
from bakeoff.models.pair_features import PairFeatures
from bakeoff.models.state import load_state, save_state
from bakeoff.models.text_features import feature_cap

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from bakeoff.contenders.base import Context
    from bakeoff.data.inputs import Inputs
    from bakeoff.models.linear_head import LinearHead
    from bakeoff.tasks.examples import Examples
    from bakeoff.tasks.predictions import Predictions
    from bakeoff.tasks.spec import TaskSpec

_TREES = "trees.txt"
_BLOCKS = 4
"""Blocks of sparse features: ``|a - b|`` and ``a * b``, of words and of characters."""


@dataclass(frozen=True)
class PairLinear(Contender):
    """A linear model on ``|a - b|`` and ``a * b`` of TF-IDF, joined with similarities by trees.

    The first text column is ``a``, the second ``b``. The linear model's score enters the trees
    out of fold, beside some two dozen cosines, overlaps and lengths.

    Args:
        C: Inverse strength of the linear model's penalty (for numbers it is ``10 / C``).
        leaves: Leaves of a tree, at the most.
    """

    card: ClassVar[Card] = Card(
        name="pair-linear",
        title="pair features + linear",
        seconds_per_1000=0.6,
        family="pairs",
        summary="similarities of two texts, and the n-grams they share or not",
        kinds=frozenset({"classification", "regression"}),
        reads=frozenset({ColumnType.TEXT}),
        needs=frozenset({ColumnType.TEXT}),
        abilities=frozenset({"probabilities", "confidence"}),
        rank=2,
    )

    C: float = 1.0
    leaves: int = 7

    def refuses(self, task: TaskSpec) -> str | None:
        """Return why not: other kinds, or anything but two text columns."""
        n = sum(column.type == ColumnType.TEXT for column in task.inputs)
        if n != 2:
            return f"it compares two text columns, and the inputs have {n}"
        return super().refuses(task)

    def fit(self, train: Examples, valid: Examples | None, context: Context) -> PairLinearFitted:
        """Learn from ``train``; the trees stop on ``valid``."""
        n_classes = len(train.task.classes)
        columns = train.inputs.named(ColumnType.TEXT)
        first, second = (train.inputs.texts(name) for name in columns)
        features = PairFeatures.fit(first, second, feature_cap(n_classes, _BLOCKS // 2))
        dense, sparse = features.transform(first, second)
        rows = Rows(sparse, train.targets)
        head = fit_head(rows, n_classes, self.C)
        scores = out_of_fold(rows, n_classes, self.C)
        held_out = None
        if valid is not None and len(valid):
            held_out = (_features(valid.inputs, columns, features, head), valid.targets)
        trees = BoostedTrees.fit(
            np.concatenate([dense, scores], axis=1),
            train.targets,
            n_classes,
            BoostingSettings(leaves=self.leaves, threads=context.threads),
            valid=held_out,
        )
        return PairLinearFitted(columns, features, head, trees)

    def load(self, folder: Path, task: TaskSpec) -> PairLinearFitted:
        """Read back what `PairLinearFitted.save` wrote."""
        state = load_state(folder)
        try:
            trees = (folder / _TREES).read_text(encoding="utf-8")
        except OSError as error:
            raise ArtefactError(f"the trees cannot be read: {error}", where=_TREES) from error
        return PairLinearFitted(
            state.texts("columns"),
            PairFeatures.of_arrays(state.arrays, "features"),
            load_head(state.arrays, "head", len(task.classes)),
            BoostedTrees.of_text(trees, state.arrays, "trees"),
        )


@dataclass(frozen=True, slots=True)
class PairLinearFitted(Fitted):
    """Vocabularies, the linear model and the trees."""

    columns: tuple[str, ...]
    features: PairFeatures
    head: LinearHead
    trees: BoostedTrees

    def predict(self, inputs: Inputs, context: Context) -> Predictions:
        """Return class probabilities or numbers."""
        features = _features(inputs, self.columns, self.features, self.head)
        return to_predictions(inputs.ids, self.trees.outputs(features, context.threads))

    def save(self, folder: Path) -> None:
        """Write the trees as LightGBM's text, the rest as arrays."""
        (folder / _TREES).write_text(self.trees.text(), encoding="utf-8")
        arrays = self.features.arrays("features") | self.head.arrays("head")
        save_state(folder, {"columns": list(self.columns)}, arrays | self.trees.arrays("trees"))


def _features(
    inputs: Inputs, columns: tuple[str, ...], features: PairFeatures, head: LinearHead
) -> NDArray[np.float32]:
    """Return similarities and the linear model's scores: ``(n, f)``, float32."""
    first, second = (inputs.texts(name) for name in columns)
    dense, sparse = features.transform(first, second)
    return np.concatenate([dense, score_features(head.outputs(sparse))], axis=1)
