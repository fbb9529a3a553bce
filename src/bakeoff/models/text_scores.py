"""What a linear model on n-grams says of the texts, as a few dense features for other models."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from bakeoff.core.seeds import generator
from bakeoff.models.linear_head import Rows, fit_head, load_head
from bakeoff.models.text_features import TextFeatures, feature_cap

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from bakeoff.models.linear_head import LinearHead

_FOLDS = 4
_C = 3.0


@dataclass(frozen=True, slots=True)
class TextScores:
    """A learned text model whose outputs are features.

    Args:
        features: Vocabularies.
        head: Weights.
        n_classes: Number of classes of the task; 0 for numbers.
    """

    features: TextFeatures
    head: LinearHead
    n_classes: int

    @classmethod
    def fit(
        cls, columns: Sequence[Sequence[str]], targets: NDArray[Any], n_classes: int
    ) -> tuple[TextScores, NDArray[np.float32]]:
        """Learn from all rows.

        The scores of the training rows come from models that did not see them (4 folds): those of
        the final model would be far too good, and whatever is built on them would trust the text
        too much.

        Args:
            columns: Texts of each column, all of one length.
            targets: ``(n,)``: class codes or numbers.
            n_classes: Number of classes of the task; 0 for numbers.

        Returns:
            The model, and the scores of the training rows as `scores` gives them.
        """
        cap = feature_cap(n_classes, len(columns))
        features, matrix = TextFeatures.fit(columns, cap)
        made = cls(features, fit_head(Rows(matrix, targets), n_classes, _C), n_classes)
        n = len(targets)
        if n < 2 * _FOLDS:
            return made, made.scores(columns)
        # The vocabulary is shared by the folds: it knows texts, and no target.
        fold = generator(0, "text-scores").permutation(n) % _FOLDS
        width = max(n_classes, 1)
        found = np.zeros((n, width), dtype=np.float32)
        for part in range(_FOLDS):
            learn, judge = np.flatnonzero(fold != part), np.flatnonzero(fold == part)
            head = fit_head(Rows(matrix[learn], targets[learn]), n_classes, _C)
            found[judge] = _as_features(head.outputs(matrix[judge]))
        return made, found

    def scores(self, columns: Sequence[Sequence[str]]) -> NDArray[np.float32]:
        """Return ``(n, n_classes)`` log probabilities, or ``(n, 1)`` numbers; float32."""
        return _as_features(self.head.outputs(self.features.transform(columns)))

    def arrays(self, prefix: str) -> dict[str, NDArray[np.generic]]:
        """Return the state as named arrays."""
        return self.features.arrays(f"{prefix}.features") | self.head.arrays(f"{prefix}.head")

    @classmethod
    def of_arrays(
        cls, arrays: Mapping[str, NDArray[np.generic]], prefix: str, n_classes: int
    ) -> TextScores:
        """Return the model whose state `arrays` gave."""
        return cls(
            TextFeatures.of_arrays(arrays, f"{prefix}.features"),
            load_head(arrays, f"{prefix}.head", n_classes),
            n_classes,
        )


def _as_features(outputs: NDArray[np.float64]) -> NDArray[np.float32]:
    if outputs.ndim == 1:
        return outputs[:, None].astype(np.float32)
    return np.log(np.maximum(outputs, 1e-6)).astype(np.float32)
