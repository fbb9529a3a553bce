"""What a linear model on n-grams says of the texts, as a few dense features for other models."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bakeoff.models.linear_head import Rows, fit_head, load_head
from bakeoff.models.out_of_fold import out_of_fold, score_features
from bakeoff.models.text_features import TextFeatures, feature_cap

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from bakeoff.models.linear_head import LinearHead

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

        Args:
            columns: Texts of each column, all of one length.
            targets: ``(n,)``: class codes or numbers.
            n_classes: Number of classes of the task; 0 for numbers.

        Returns:
            The model, and the scores of the training rows, made out of fold.
        """
        # The vocabulary is shared by the folds: it knows texts, and no target.
        features, matrix = TextFeatures.fit(columns, feature_cap(n_classes, len(columns)))
        rows = Rows(matrix, targets)
        made = cls(features, fit_head(rows, n_classes, _C), n_classes)
        return made, out_of_fold(rows, n_classes, _C)

    def scores(self, columns: Sequence[Sequence[str]]) -> NDArray[np.float32]:
        """Return ``(n, n_classes)`` log probabilities, or ``(n, 1)`` numbers; float32."""
        return score_features(self.head.outputs(self.features.transform(columns)))

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
