"""Gradient-boosted trees on table columns; texts enter through a linear model's scores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from bakeoff.contenders.base import Card, Contender, Fitted
from bakeoff.core.errors import ArtefactError
from bakeoff.data.columns import ColumnType
from bakeoff.models.boosting import BoostedTrees, BoostingSettings
from bakeoff.models.outputs import to_predictions
from bakeoff.models.state import load_state, save_state
from bakeoff.models.table_features import CategoryCodes, date_parts
from bakeoff.models.text_scores import TextScores

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from bakeoff.contenders.base import Context
    from bakeoff.data.inputs import Inputs
    from bakeoff.tasks.examples import Examples
    from bakeoff.tasks.predictions import Predictions
    from bakeoff.tasks.spec import TaskSpec

_TREES = "trees.txt"


@dataclass(frozen=True)
class LightGbm(Contender):
    """Boosted trees, stopped early on the validation rows.

    Texts enter as what a linear model on their n-grams says out of fold: a few columns that a
    tree can use, where thousands of n-grams, or their directions, each say next to nothing.

    Args:
        leaves: Leaves of a tree, at the most.
        learning_rate: Share of each tree that is added.
    """

    card: ClassVar[Card] = Card(
        name="lightgbm",
        title="gradient boosting",
        seconds_per_1000=0.8,
        family="tabular",
        summary="gradient-boosted trees on table columns, text scores beside them",
        kinds=frozenset({"classification", "regression"}),
        reads=frozenset({ColumnType.NUMBER, ColumnType.CATEGORY, ColumnType.DATE, ColumnType.TEXT}),
        needs=frozenset({ColumnType.NUMBER, ColumnType.CATEGORY, ColumnType.DATE}),
        abilities=frozenset({"probabilities", "confidence"}),
        rank=3,
        licence="MIT",
        source="Ke et al. 2017, 'LightGBM: A Highly Efficient Gradient Boosting Decision Tree'",
    )

    leaves: int = 15
    learning_rate: float = 0.05

    def fit(self, train: Examples, valid: Examples | None, context: Context) -> LightGbmFitted:
        """Grow trees on ``train`` until the loss on ``valid`` stops falling."""
        n_classes = len(train.task.classes)
        texts = train.inputs.named(ColumnType.TEXT)
        text_scores, scores = None, None
        if texts:
            columns = [train.inputs.texts(name) for name in texts]
            text_scores, scores = TextScores.fit(columns, train.targets, n_classes)
        table = TreeColumns.fit(train.inputs, text_scores)
        held_out = None
        if valid is not None and len(valid):
            held_out = (table.array(valid.inputs), valid.targets)
        trees = BoostedTrees.fit(
            table.array(train.inputs, scores),
            train.targets,
            n_classes,
            BoostingSettings(
                leaves=self.leaves,
                learning_rate=self.learning_rate,
                rounds=context.budget.steps or 500,
                threads=context.threads,
            ),
            categorical=range(len(table.categories)),
            valid=held_out,
        )
        return LightGbmFitted(table, trees)

    def load(self, folder: Path, task: TaskSpec) -> LightGbmFitted:
        """Read back what `LightGbmFitted.save` wrote."""
        state = load_state(folder)
        names = state.texts("categories")
        known = tuple(
            (name, CategoryCodes(state.texts(f"category {position}")))
            for position, name in enumerate(names)
        )
        texts = state.texts("texts")
        scores = TextScores.of_arrays(state.arrays, "scores", len(task.classes)) if texts else None
        table = TreeColumns(known, state.texts("numbers"), state.texts("dates"), texts, scores)
        try:
            trees = (folder / _TREES).read_text(encoding="utf-8")
        except OSError as error:
            raise ArtefactError(f"the trees cannot be read: {error}", where=_TREES) from error
        return LightGbmFitted(table, BoostedTrees.of_text(trees, state.arrays, "trees"))


@dataclass(frozen=True, slots=True)
class TreeColumns:
    """How the columns become one array: category codes, numbers, dates, text scores.

    Args:
        categories: Name and known values of each category column.
        numbers: Names of the number columns.
        dates: Names of the date columns.
        texts: Names of the text columns.
        scores: The text model; None where there are no texts.
    """

    categories: tuple[tuple[str, CategoryCodes], ...]
    numbers: tuple[str, ...]
    dates: tuple[str, ...]
    texts: tuple[str, ...]
    scores: TextScores | None

    @classmethod
    def fit(cls, inputs: Inputs, scores: TextScores | None) -> TreeColumns:
        """Learn the known categories."""
        known = tuple(
            (name, CategoryCodes.fit(inputs.categories(name)))
            for name in inputs.named(ColumnType.CATEGORY)
        )
        return cls(
            known,
            inputs.named(ColumnType.NUMBER),
            inputs.named(ColumnType.DATE),
            inputs.named(ColumnType.TEXT),
            scores,
        )

    def array(
        self, inputs: Inputs, scores: NDArray[np.float32] | None = None
    ) -> NDArray[np.float32]:
        """Return ``(n, n_features)``, float32, NaN where missing; categories first.

        Args:
            inputs: The rows.
            scores: Text scores made out of fold, for training rows; else they are computed.
        """
        blocks = [np.zeros((len(inputs), 0))]
        for name, known in self.categories:
            codes = known.codes(inputs.categories(name)).astype(np.float64)
            blocks.append(np.where(codes < 0, np.nan, codes)[:, None])
        blocks += [inputs.numbers(name)[:, None] for name in self.numbers]
        blocks += [date_parts(inputs.numbers(name)) for name in self.dates]
        if self.scores is not None:
            if scores is None:
                scores = self.scores.scores([inputs.texts(name) for name in self.texts])
            blocks.append(scores.astype(np.float64))
        # What float32 cannot hold would become infinite, with a warning.
        return np.clip(np.concatenate(blocks, axis=1), -3e38, 3e38).astype(np.float32)


@dataclass(frozen=True, slots=True)
class LightGbmFitted(Fitted):
    """How columns become features, and the trees."""

    table: TreeColumns
    trees: BoostedTrees

    def predict(self, inputs: Inputs, context: Context) -> Predictions:
        """Return class probabilities or numbers."""
        features = self.table.array(inputs)
        return to_predictions(inputs.ids, self.trees.outputs(features, context.threads))

    def save(self, folder: Path) -> None:
        """Write the trees as LightGBM's text, the rest as JSON and arrays."""
        (folder / _TREES).write_text(self.trees.text(), encoding="utf-8")
        table = self.table
        categories = {
            f"category {position}": list(known.values)
            for position, (_, known) in enumerate(table.categories)
        }
        names = {
            "categories": [name for name, _ in table.categories],
            "numbers": list(table.numbers),
            "dates": list(table.dates),
            "texts": list(table.texts),
        }
        scores = table.scores.arrays("scores") if table.scores is not None else {}
        save_state(folder, names | categories, self.trees.arrays("trees") | scores)
