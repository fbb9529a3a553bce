"""TF-IDF of word and character n-grams with a linear model: the reference for text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from bakeoff.contenders.base import Card, Contender, Fitted
from bakeoff.data.columns import ColumnType
from bakeoff.models.logistic import LogisticRegression
from bakeoff.models.outputs import to_predictions
from bakeoff.models.ridge import Ridge
from bakeoff.models.state import load_state, save_state
from bakeoff.models.text_features import TextFeatures
from bakeoff.tasks.examples import Examples

if TYPE_CHECKING:
    from pathlib import Path

    from bakeoff.contenders.base import Context
    from bakeoff.data.inputs import Inputs
    from bakeoff.tasks.predictions import Predictions
    from bakeoff.tasks.spec import TaskSpec

_MOST_WEIGHTS = 16_000_000


@dataclass(frozen=True)
class NgramLinear(Contender):
    """Logistic regression, or ridge regression for numbers, on all text columns.

    Args:
        C: Inverse strength of the penalty; for numbers the penalty is ``10 / C``.
    """

    card: ClassVar[Card] = Card(
        name="ngram-linear",
        family="ngram",
        summary="TF-IDF of words 1-2 and characters 2-5 with a linear model",
        kinds=frozenset({"classification", "regression"}),
        reads=frozenset({ColumnType.TEXT}),
        needs=frozenset({ColumnType.TEXT}),
        abilities=frozenset({"probabilities", "confidence"}),
        rank=1,
        source="Wang and Manning 2012, 'Baselines and bigrams' (the features)",
    )

    C: float = 10.0

    def fit(self, train: Examples, valid: Examples | None, context: Context) -> NgramLinearFitted:
        """Learn vocabulary and weights from both parts."""
        del context
        rows = Examples.concatenate(train, valid)
        columns = rows.inputs.named(ColumnType.TEXT)
        n_classes = max(len(rows.task.classes), 1)
        # Weights, their gradients and L-BFGS's memory of both must stay below 2 GiB.
        cap = min(500_000, _MOST_WEIGHTS // n_classes // (2 * len(columns)))
        texts = [rows.inputs.texts(name) for name in columns]
        features, matrix = TextFeatures.fit(texts, max_features=cap)
        head: LogisticRegression | Ridge
        if rows.task.kind == "regression":
            head = Ridge.fit(matrix, rows.targets, alpha=10 / self.C)
        else:
            head = LogisticRegression.fit(matrix, rows.targets, n_classes, C=self.C)
        return NgramLinearFitted(columns, features, head)

    def load(self, folder: Path, task: TaskSpec) -> NgramLinearFitted:
        """Read back what `NgramLinearFitted.save` wrote."""
        state = load_state(folder)
        head = Ridge if task.kind == "regression" else LogisticRegression
        return NgramLinearFitted(
            state.texts("columns"),
            TextFeatures.of_arrays(state.arrays, "features"),
            head.of_arrays(state.arrays, "head"),
        )


@dataclass(frozen=True, slots=True)
class NgramLinearFitted(Fitted):
    """Vocabularies and weights of the text columns."""

    columns: tuple[str, ...]
    features: TextFeatures
    head: LogisticRegression | Ridge

    def predict(self, inputs: Inputs, context: Context) -> Predictions:
        """Return class probabilities or numbers."""
        del context
        matrix = self.features.transform([inputs.texts(name) for name in self.columns])
        if isinstance(self.head, Ridge):
            return to_predictions(inputs.ids, self.head.values(matrix))
        return to_predictions(inputs.ids, self.head.probabilities(matrix))

    def save(self, folder: Path) -> None:
        """Write vocabularies (as hashes) and weights."""
        arrays = self.features.arrays("features") | self.head.arrays("head")
        save_state(folder, {"columns": list(self.columns)}, arrays)
