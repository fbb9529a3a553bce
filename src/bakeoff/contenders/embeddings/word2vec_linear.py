"""Word2Vec, trained on the training texts alone, with a linear model on texts' mean vectors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from bakeoff.contenders.base import Card, Contender, Fitted
from bakeoff.core.seeds import derive_seed
from bakeoff.data.columns import ColumnType
from bakeoff.models.linear_head import Rows, choose_c, fit_head, load_head
from bakeoff.models.outputs import to_predictions
from bakeoff.models.standardiser import Standardiser
from bakeoff.models.state import load_state, save_state
from bakeoff.models.word_vectors import WordVectors

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from bakeoff.contenders.base import Context
    from bakeoff.data.inputs import Inputs
    from bakeoff.models.linear_head import LinearHead
    from bakeoff.tasks.examples import Examples
    from bakeoff.tasks.predictions import Predictions
    from bakeoff.tasks.spec import TaskSpec

_DEFAULT_C = 0.1


@dataclass(frozen=True)
class Word2VecLinear(Contender):
    """Logistic or ridge regression on the weighted mean of a text's word vectors.

    Args:
        size: Length of a vector.
        window: Words on either side that are predicted.
        C: Inverse strength of the penalty (for numbers the penalty is ``10 / C``); None: the best
            on the validation rows, and 0.1 where there are none.
    """

    card: ClassVar[Card] = Card(
        name="word2vec-linear",
        title="Word2Vec + linear",
        seconds_per_1000=1.2,
        family="embeddings",
        summary="mean Word2Vec vectors, learned here, with a linear model",
        kinds=frozenset({"classification", "regression"}),
        reads=frozenset({ColumnType.TEXT}),
        needs=frozenset({ColumnType.TEXT}),
        abilities=frozenset({"probabilities", "confidence"}),
        extras=("text",),
        deterministic=False,
        rank=4,
        source="Mikolov et al. 2013, 'Distributed Representations of Words and Phrases'",
    )

    size: int = 100
    window: int = 5
    C: float | None = None

    def fit(
        self, train: Examples, valid: Examples | None, context: Context
    ) -> Word2VecLinearFitted:
        """Train the vectors on ``train``; choose the penalty on ``valid``, then learn from both."""
        columns = train.inputs.named(ColumnType.TEXT)
        n_classes = len(train.task.classes)
        vectors = WordVectors.fit(
            [text for name in columns for text in train.inputs.texts(name)],
            size=self.size,
            window=self.window,
            epochs=context.budget.epochs,
            seed=derive_seed(context.seed, "word2vec"),
        )
        raw, targets = _means(vectors, train.inputs, columns), train.targets
        c = _DEFAULT_C if self.C is None else self.C
        if valid is not None and len(valid):
            held_out = _means(vectors, valid.inputs, columns)
            if self.C is None:
                scale = Standardiser.fit(raw)
                learn = Rows(scale.transform(raw), targets)
                judge = Rows(scale.transform(held_out), valid.targets)
                c = choose_c(learn, judge, n_classes, c)
            raw = np.concatenate([raw, held_out])
            targets = np.concatenate([targets, valid.targets])
        scale = Standardiser.fit(raw)
        head = fit_head(Rows(scale.transform(raw), targets), n_classes, c)
        return Word2VecLinearFitted(columns, vectors, scale, head)

    def load(self, folder: Path, task: TaskSpec) -> Word2VecLinearFitted:
        """Read back what `Word2VecLinearFitted.save` wrote; gensim is not needed for it."""
        state = load_state(folder)
        vectors = WordVectors(
            state.texts("words"),
            np.asarray(state.arrays["vectors"], dtype=np.float32),
            np.asarray(state.arrays["weights"], dtype=np.float32),
        )
        return Word2VecLinearFitted(
            state.texts("columns"),
            vectors,
            Standardiser.of_arrays(state.arrays, "scale"),
            load_head(state.arrays, "head", len(task.classes)),
        )


@dataclass(frozen=True, slots=True)
class Word2VecLinearFitted(Fitted):
    """Vectors of the known words, scales and weights."""

    columns: tuple[str, ...]
    vectors: WordVectors
    scale: Standardiser
    head: LinearHead

    def predict(self, inputs: Inputs, context: Context) -> Predictions:
        """Return class probabilities or numbers."""
        del context
        raw = _means(self.vectors, inputs, self.columns)
        return to_predictions(inputs.ids, self.head.outputs(self.scale.transform(raw)))

    def save(self, folder: Path) -> None:
        """Write the words as JSON, vectors and weights as arrays."""
        arrays = {"vectors": self.vectors.vectors, "weights": self.vectors.weights}
        save_state(
            folder,
            {"columns": list(self.columns), "words": list(self.vectors.words)},
            arrays | self.scale.arrays("scale") | self.head.arrays("head"),
        )


def _means(vectors: WordVectors, inputs: Inputs, columns: tuple[str, ...]) -> NDArray[np.float32]:
    return np.concatenate([vectors.means(inputs.texts(name)) for name in columns], axis=1)
