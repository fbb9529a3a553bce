"""A linear model on table columns, with TF-IDF of the text columns beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import scipy.sparse as sp

from bakeoff.contenders.base import Card, Contender, Fitted
from bakeoff.data.columns import ColumnType
from bakeoff.models.linear_head import Rows, choose_c, fit_head, load_head
from bakeoff.models.outputs import to_predictions
from bakeoff.models.state import load_state, save_state
from bakeoff.models.table_features import CategoryCodes, NumberScales, date_parts
from bakeoff.models.text_features import TextFeatures, feature_cap
from bakeoff.tasks.examples import Examples

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from bakeoff.contenders.base import Context
    from bakeoff.data.inputs import Inputs
    from bakeoff.models.linear_head import LinearHead
    from bakeoff.tasks.predictions import Predictions
    from bakeoff.tasks.spec import TaskSpec

_DEFAULT_C = 1.0


@dataclass(frozen=True)
class TabularLinear(Contender):
    """Logistic or ridge regression on one-hot categories, scaled numbers and TF-IDF of texts.

    Args:
        C: Inverse strength of the penalty (for numbers the penalty is ``10 / C``); None: the best
            on the validation rows, and 1 where there are none.
    """

    card: ClassVar[Card] = Card(
        name="tabular-linear",
        title="one-hot + linear",
        seconds_per_1000=0.15,
        family="tabular",
        summary="one-hot categories, scaled numbers and TF-IDF of texts with a linear model",
        kinds=frozenset({"classification", "regression"}),
        reads=frozenset({ColumnType.NUMBER, ColumnType.CATEGORY, ColumnType.DATE, ColumnType.TEXT}),
        needs=frozenset({ColumnType.NUMBER, ColumnType.CATEGORY, ColumnType.DATE}),
        abilities=frozenset({"probabilities", "confidence"}),
        rank=1,
    )

    C: float | None = None

    def fit(self, train: Examples, valid: Examples | None, context: Context) -> TabularLinearFitted:
        """Choose the penalty on ``valid``, then learn from both parts."""
        del context
        n_classes = len(train.task.classes)
        c = _DEFAULT_C if self.C is None else self.C
        if self.C is None and valid is not None and len(valid):
            table, matrix = LinearColumns.fit(train.inputs, n_classes)
            held_out = Rows(table.matrix(valid.inputs), valid.targets)
            c = choose_c(Rows(matrix, train.targets), held_out, n_classes, c)
        rows = Examples.concatenate(train, valid)
        table, matrix = LinearColumns.fit(rows.inputs, n_classes)
        return TabularLinearFitted(table, fit_head(Rows(matrix, rows.targets), n_classes, c))

    def load(self, folder: Path, task: TaskSpec) -> TabularLinearFitted:
        """Read back what `TabularLinearFitted.save` wrote."""
        state = load_state(folder)
        known = tuple(
            (name, CategoryCodes(state.texts(f"category {position}")))
            for position, name in enumerate(state.texts("categories"))
        )
        texts = state.texts("texts")
        table = LinearColumns(
            known,
            state.texts("numbers"),
            state.texts("dates"),
            NumberScales(
                np.asarray(state.arrays["centres"], dtype=np.float64),
                np.asarray(state.arrays["scales"], dtype=np.float64),
            ),
            texts,
            TextFeatures.of_arrays(state.arrays, "features") if texts else None,
        )
        return TabularLinearFitted(table, load_head(state.arrays, "head", len(task.classes)))


@dataclass(frozen=True, slots=True)
class LinearColumns:
    """How the columns become one sparse matrix.

    Args:
        categories: Name and known values of each category column.
        numbers: Names of the number columns.
        dates: Names of the date columns.
        scales: Of the numbers and the parts of the dates.
        texts: Names of the text columns.
        features: Vocabularies; None where there are no texts.
    """

    categories: tuple[tuple[str, CategoryCodes], ...]
    numbers: tuple[str, ...]
    dates: tuple[str, ...]
    scales: NumberScales
    texts: tuple[str, ...]
    features: TextFeatures | None

    @classmethod
    def fit(cls, inputs: Inputs, n_classes: int) -> tuple[LinearColumns, sp.csr_matrix]:
        """Learn categories, scales and vocabularies; also return what `matrix` gives."""
        numbers, dates = inputs.named(ColumnType.NUMBER), inputs.named(ColumnType.DATE)
        texts = inputs.named(ColumnType.TEXT)
        known = tuple(
            (name, CategoryCodes.fit(inputs.categories(name)))
            for name in inputs.named(ColumnType.CATEGORY)
        )
        features, tfidf = None, None
        if texts:
            columns = [inputs.texts(name) for name in texts]
            features, tfidf = TextFeatures.fit(columns, feature_cap(n_classes, len(texts)))
        scales = NumberScales.fit(_numbers(inputs, numbers, dates))
        made = cls(known, numbers, dates, scales, texts, features)
        return made, made.matrix(inputs, tfidf)

    def matrix(self, inputs: Inputs, tfidf: sp.csr_matrix | None = None) -> sp.csr_matrix:
        """Return ``(n, n_features)``, CSR, float32; ``tfidf`` may be given if it is known."""
        numbers = self.scales.transform(_numbers(inputs, self.numbers, self.dates))
        blocks: list[sp.csr_matrix] = [sp.csr_matrix(numbers)]
        blocks += [known.one_hot(inputs.categories(name)) for name, known in self.categories]
        if self.features is not None:
            if tfidf is None:
                tfidf = self.features.transform([inputs.texts(name) for name in self.texts])
            blocks.append(tfidf)
        return sp.csr_matrix(sp.hstack(blocks, format="csr", dtype=np.float32))


@dataclass(frozen=True, slots=True)
class TabularLinearFitted(Fitted):
    """How columns become features, and the weights."""

    table: LinearColumns
    head: LinearHead

    def predict(self, inputs: Inputs, context: Context) -> Predictions:
        """Return class probabilities or numbers."""
        del context
        return to_predictions(inputs.ids, self.head.outputs(self.table.matrix(inputs)))

    def save(self, folder: Path) -> None:
        """Write categories as JSON, scales, vocabularies and weights as arrays."""
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
        arrays = {"centres": table.scales.centres, "scales": table.scales.scales}
        features = table.features.arrays("features") if table.features is not None else {}
        save_state(folder, names | categories, arrays | features | self.head.arrays("head"))


def _numbers(
    inputs: Inputs, numbers: tuple[str, ...], dates: tuple[str, ...]
) -> NDArray[np.float64]:
    """Return numbers and parts of dates: ``(n, f)``, float64, NaN where missing."""
    blocks = [np.zeros((len(inputs), 0))]
    blocks += [inputs.numbers(name)[:, None] for name in numbers]
    blocks += [date_parts(inputs.numbers(name)) for name in dates]
    return np.concatenate(blocks, axis=1)
