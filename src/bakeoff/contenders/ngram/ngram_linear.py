"""TF-IDF of word and character n-grams with a linear model: the reference for text."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, cast

from bakeoff.contenders.base import Card, Contender, Fitted
from bakeoff.data.columns import ColumnType
from bakeoff.models.linear_head import Rows, adapt_head, choose_c, fit_head, load_head
from bakeoff.models.outputs import to_predictions
from bakeoff.models.state import load_state, save_state
from bakeoff.models.text_features import TextFeatures, feature_cap
from bakeoff.tasks.examples import Examples

if TYPE_CHECKING:
    from pathlib import Path

    import scipy.sparse as sp

    from bakeoff.contenders.base import Context
    from bakeoff.data.inputs import Inputs
    from bakeoff.models.linear_head import LinearHead
    from bakeoff.tasks.predictions import Predictions
    from bakeoff.tasks.spec import TaskSpec

_DEFAULT_C = 10.0


@dataclass(frozen=True)
class NgramLinear(Contender):
    """Logistic regression, or ridge regression for numbers, on all text columns.

    Args:
        C: Inverse strength of the penalty (for numbers the penalty is ``10 / C``); None: the best
            on the validation rows, and 10 where there are none.
    """

    card: ClassVar[Card] = Card(
        name="ngram-linear",
        title="TF-IDF + linear",
        seconds_per_1000=0.3,
        family="ngram",
        summary="TF-IDF of words 1-2 and characters 2-5 with a linear model",
        kinds=frozenset({"classification", "regression"}),
        reads=frozenset({ColumnType.TEXT}),
        needs=frozenset({ColumnType.TEXT}),
        abilities=frozenset({"probabilities", "confidence", "soft_targets", "update"}),
        rank=1,
        source="Wang and Manning 2012, 'Baselines and Bigrams' (the features)",
    )

    C: float | None = None

    def fit(self, train: Examples, valid: Examples | None, context: Context) -> NgramLinearFitted:
        """Choose the penalty on ``valid``, then learn vocabulary and weights from both parts."""
        del context
        c = self.C if self.C is not None else self._choose(train, valid)
        rows = Examples.concatenate(train, valid)
        columns = rows.inputs.named(ColumnType.TEXT)
        n_classes = len(rows.task.classes)
        features, matrix = _learn_features(rows.inputs, columns, n_classes)
        return NgramLinearFitted(
            columns, features, fit_head(Rows(matrix, rows.soft_targets), n_classes, c)
        )

    def update(
        self, fitted: Fitted, train: Examples, valid: Examples | None, context: Context
    ) -> NgramLinearFitted:
        """Let the weights go on; vocabularies and weights of words stay those of the first fit."""
        del context
        before = cast("NgramLinearFitted", fitted)

        def rows(examples: Examples) -> Rows:
            texts = [examples.inputs.texts(name) for name in before.columns]
            return Rows(before.features.transform(texts), examples.targets)

        held_out = None if valid is None or self.C is not None else rows(valid)
        head = adapt_head(before.head, rows(train), held_out, self.C or _DEFAULT_C)
        return replace(before, head=head)

    def load(self, folder: Path, task: TaskSpec) -> NgramLinearFitted:
        """Read back what `NgramLinearFitted.save` wrote."""
        state = load_state(folder)
        return NgramLinearFitted(
            state.texts("columns"),
            TextFeatures.of_arrays(state.arrays, "features"),
            load_head(state.arrays, "head", len(task.classes)),
        )

    def _choose(self, train: Examples, valid: Examples | None) -> float:
        if valid is None:
            return _DEFAULT_C
        columns, n_classes = train.inputs.named(ColumnType.TEXT), len(train.task.classes)
        features, matrix = _learn_features(train.inputs, columns, n_classes)
        held_out = features.transform([valid.inputs.texts(name) for name in columns])
        return choose_c(
            Rows(matrix, train.soft_targets), Rows(held_out, valid.targets), n_classes, _DEFAULT_C
        )


@dataclass(frozen=True, slots=True)
class NgramLinearFitted(Fitted):
    """Vocabularies and weights of the text columns."""

    columns: tuple[str, ...]
    features: TextFeatures
    head: LinearHead

    def predict(self, inputs: Inputs, context: Context) -> Predictions:
        """Return class probabilities or numbers."""
        del context
        matrix = self.features.transform([inputs.texts(name) for name in self.columns])
        return to_predictions(inputs.ids, self.head.outputs(matrix))

    def save(self, folder: Path) -> None:
        """Write vocabularies (as hashes) and weights."""
        arrays = self.features.arrays("features") | self.head.arrays("head")
        save_state(folder, {"columns": list(self.columns)}, arrays)


def _learn_features(
    inputs: Inputs, columns: tuple[str, ...], n_classes: int
) -> tuple[TextFeatures, sp.csr_matrix]:
    texts = [inputs.texts(name) for name in columns]
    return TextFeatures.fit(texts, feature_cap(n_classes, len(columns)))
