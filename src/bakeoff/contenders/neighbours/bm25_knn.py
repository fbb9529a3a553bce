"""The answers of the training texts that a search engine would find for this one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from bakeoff.contenders.base import Card, Contender, Fitted
from bakeoff.data.columns import ColumnType
from bakeoff.models.bm25 import Bm25
from bakeoff.models.neighbours import COUNTS, base_of, choose_count, vote
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

_DEFAULT_K = 10
_MOST_QUERIES = 2_000
"""Validation rows that choose ``k``: more cost time and change nothing."""


@dataclass(frozen=True)
class Bm25Knn(Contender):
    """Votes of the ``k`` training texts with the highest BM25, all text columns read as one.

    Args:
        k: Number of neighbours; None: the best on the validation rows, 10 where there are none.
    """

    card: ClassVar[Card] = Card(
        name="bm25-knn",
        title="nearest texts (BM25)",
        seconds_per_1000=0.1,
        family="neighbours",
        summary="votes of the training texts nearest by BM25",
        kinds=frozenset({"classification", "regression"}),
        reads=frozenset({ColumnType.TEXT}),
        needs=frozenset({ColumnType.TEXT}),
        abilities=frozenset({"probabilities", "confidence"}),
        rank=2,
        source="Robertson and Zaragoza 2009, 'The Probabilistic Relevance Framework'",
    )

    k: int | None = None

    def fit(self, train: Examples, valid: Examples | None, context: Context) -> Bm25KnnFitted:
        """Choose ``k`` on ``valid``, then index both parts."""
        del context
        columns = train.inputs.named(ColumnType.TEXT)
        n_classes = len(train.task.classes)
        k = _DEFAULT_K if self.k is None else self.k
        if self.k is None and valid is not None and len(valid):
            judge = valid.take(range(min(len(valid), _MOST_QUERIES)))
            index = Bm25.fit(_joined(train.inputs, columns))
            scores, positions = index.nearest(_joined(judge.inputs, columns), max(COUNTS))
            base = base_of(train.targets, n_classes)
            k = choose_count(scores, train.targets[positions], judge.targets, base, k)
        rows = Examples.concatenate(train, valid)
        index = Bm25.fit(_joined(rows.inputs, columns))
        return Bm25KnnFitted(columns, index, rows.targets, n_classes, k)

    def load(self, folder: Path, task: TaskSpec) -> Bm25KnnFitted:
        """Read back what `Bm25KnnFitted.save` wrote."""
        state = load_state(folder)
        return Bm25KnnFitted(
            state.texts("columns"),
            Bm25.of_arrays(state.arrays, "index"),
            state.arrays["targets"],
            len(task.classes),
            int(state.number("k")),
        )


@dataclass(frozen=True, slots=True)
class Bm25KnnFitted(Fitted):
    """The index of the training texts, and their targets ``(n,)``."""

    columns: tuple[str, ...]
    index: Bm25
    targets: NDArray[Any]
    n_classes: int
    k: int

    def predict(self, inputs: Inputs, context: Context) -> Predictions:
        """Return the votes of the neighbours."""
        del context
        scores, positions = self.index.nearest(_joined(inputs, self.columns), self.k)
        base = base_of(self.targets, self.n_classes)
        return to_predictions(inputs.ids, vote(scores, self.targets[positions], base))

    def save(self, folder: Path) -> None:
        """Write the index and the targets."""
        arrays = self.index.arrays("index") | {"targets": self.targets}
        save_state(folder, {"columns": list(self.columns), "k": self.k}, arrays)


def _joined(inputs: Inputs, columns: tuple[str, ...]) -> list[str]:
    texts = [inputs.texts(name) for name in columns]
    return ["\n".join(parts) for parts in zip(*texts, strict=True)]
