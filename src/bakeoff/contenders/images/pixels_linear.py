"""Raw pixels, or histograms of oriented gradients, with a linear model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from bakeoff.contenders.base import Card, Contender, Fitted
from bakeoff.core.errors import UsageError
from bakeoff.data.columns import ColumnType
from bakeoff.models.hog import hog
from bakeoff.models.images import natural_side, small_pictures
from bakeoff.models.linear_head import Rows, choose_c, fit_head, load_head
from bakeoff.models.outputs import to_predictions
from bakeoff.models.standardiser import Standardiser
from bakeoff.models.state import load_state, save_state
from bakeoff.tasks.examples import Examples

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from bakeoff.contenders.base import Context
    from bakeoff.data.inputs import Inputs
    from bakeoff.models.linear_head import LinearHead
    from bakeoff.tasks.predictions import Predictions
    from bakeoff.tasks.spec import TaskSpec

_DEFAULT_C = 0.01
_SMALLEST_SIDE_FOR_HOG = 16


@dataclass(frozen=True)
class PixelsLinear(Contender):
    """Logistic or ridge regression on pictures stretched to small squares.

    Args:
        features: ``"pixels"``, ``"hog"`` or ``"both"``.
        C: Inverse strength of the penalty (for numbers the penalty is ``10 / C``); None: the best
            on the validation rows, and 0.01 where there are none.
    """

    card: ClassVar[Card] = Card(
        name="pixels-linear",
        title="pixels + linear",
        seconds_per_1000=0.4,
        family="images",
        summary="pixels of small squares with a linear model",
        kinds=frozenset({"classification", "regression"}),
        reads=frozenset({ColumnType.IMAGE}),
        needs=frozenset({ColumnType.IMAGE}),
        abilities=frozenset({"probabilities", "confidence"}),
        rank=1,
    )

    features: str = "pixels"
    C: float | None = None

    def __post_init__(self) -> None:
        if self.features not in ("pixels", "hog", "both"):
            raise UsageError(
                f"features={self.features} is not known", why="it is pixels, hog or both"
            )

    def fit(self, train: Examples, valid: Examples | None, context: Context) -> PixelsLinearFitted:
        """Choose the penalty on ``valid``, then learn the weights from both parts."""
        del context
        columns = train.inputs.named(ColumnType.IMAGE)
        side = natural_side(train.inputs.images(columns[0]))
        if self.features != "pixels":
            # Below this a picture holds too few cells for a histogram to say where an edge is.
            side = max(side, _SMALLEST_SIDE_FOR_HOG)
        n_classes = len(train.task.classes)
        raw = self._raw(train.inputs, columns, side)
        targets, c = train.targets, _DEFAULT_C if self.C is None else self.C
        if valid is not None and len(valid):
            held_out = self._raw(valid.inputs, columns, side)
            if self.C is None:
                scale = Standardiser.fit(raw)
                c = choose_c(
                    Rows(scale.transform(raw), train.targets),
                    Rows(scale.transform(held_out), valid.targets),
                    n_classes,
                    _DEFAULT_C,
                )
            raw = np.concatenate([raw, held_out])
            targets = Examples.concatenate(train, valid).targets
        scale = Standardiser.fit(raw)
        head = fit_head(Rows(scale.transform(raw), targets), n_classes, c)
        return PixelsLinearFitted(self, columns, side, scale, head)

    def load(self, folder: Path, task: TaskSpec) -> PixelsLinearFitted:
        """Read back what `PixelsLinearFitted.save` wrote."""
        state = load_state(folder)
        return PixelsLinearFitted(
            self,
            state.texts("columns"),
            int(state.number("side")),
            Standardiser.of_arrays(state.arrays, "scale"),
            load_head(state.arrays, "head", len(task.classes)),
        )

    def _raw(self, inputs: Inputs, columns: tuple[str, ...], side: int) -> NDArray[np.float32]:
        """Return ``(n, n_features)``, float32."""
        blocks = []
        for name in columns:
            pictures = small_pictures(inputs.images(name), side)
            if self.features != "hog":
                blocks.append(pictures.reshape(len(pictures), side * side * 3))
            if self.features != "pixels":
                blocks.append(hog(pictures))
        return np.concatenate(blocks, axis=1)


@dataclass(frozen=True)
class HogLinear(PixelsLinear):
    """`PixelsLinear` with histograms of oriented gradients in place of pixels."""

    card: ClassVar[Card] = Card(
        name="hog-linear",
        title="HOG + linear",
        seconds_per_1000=0.8,
        family="images",
        summary="histograms of oriented gradients with a linear model",
        kinds=frozenset({"classification", "regression"}),
        reads=frozenset({ColumnType.IMAGE}),
        needs=frozenset({ColumnType.IMAGE}),
        abilities=frozenset({"probabilities", "confidence"}),
        rank=1,
        source="Dalal and Triggs 2005, 'Histograms of Oriented Gradients for Human Detection'",
    )

    features: str = "hog"


@dataclass(frozen=True, slots=True)
class PixelsLinearFitted(Fitted):
    """Scales and weights."""

    contender: PixelsLinear
    columns: tuple[str, ...]
    side: int
    scale: Standardiser
    head: LinearHead

    def predict(self, inputs: Inputs, context: Context) -> Predictions:
        """Return class probabilities or numbers."""
        del context
        raw = self.contender._raw(inputs, self.columns, self.side)
        return to_predictions(inputs.ids, self.head.outputs(self.scale.transform(raw)))

    def save(self, folder: Path) -> None:
        """Write scales and weights."""
        arrays = self.scale.arrays("scale") | self.head.arrays("head")
        save_state(folder, {"columns": list(self.columns), "side": self.side}, arrays)
