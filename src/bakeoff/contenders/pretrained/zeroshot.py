"""``encoder-zeroshot``: the class whose name lies nearest to the text; no label is learned from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from scipy.special import softmax

from bakeoff.contenders.base import Card, Facts, Fitted
from bakeoff.contenders.pretrained.on_encoder import OnEncoder
from bakeoff.contenders.pretrained.reader import FrozenReader
from bakeoff.core.errors import UsageError
from bakeoff.data.columns import ColumnType
from bakeoff.models.encoder_features import unit_vectors
from bakeoff.models.label_names import label_words, why_meaningless
from bakeoff.models.outputs import to_predictions
from bakeoff.models.state import load_state, save_state

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from bakeoff.contenders.base import Context
    from bakeoff.data.inputs import Inputs
    from bakeoff.tasks.examples import Examples
    from bakeoff.tasks.predictions import Predictions
    from bakeoff.tasks.spec import TaskSpec

TEMPERATURE = 0.05
"""Cosines are divided by it before they become probabilities; fixed, as nothing is learned."""

_PLACE = "{}"


@dataclass(frozen=True)
class EncoderZeroshot(OnEncoder):
    """The class whose name an encoder finds most like the text.

    Args:
        template: What is said of a class; ``{}`` stands for its name in words.
        longest: Tokens of a text that are read (a checkpoint may read fewer).
        pooling: ``"mean"``, ``"cls"`` or ``"auto"``: what the checkpoint was made for.
    """

    card: ClassVar[Card] = Card(
        name="encoder-zeroshot",
        title="zero-shot",
        seconds_per_1000=6.0,
        family="pretrained",
        summary="the class whose name is most like the text to an encoder; needs no labels",
        kinds=frozenset({"classification"}),
        reads=frozenset({ColumnType.TEXT}),
        needs=frozenset({ColumnType.TEXT}),
        abilities=frozenset({"probabilities", "confidence"}),
        extras=("torch",),
        learns=False,
        hosted=True,
        rank=5,
        licence="Apache-2.0 (all-MiniLM-L6-v2); other encoders: their own",
        source="Chang et al. 2008, 'Importance of Semantic Representation'",
        pretrained=True,
    )

    template: str = _PLACE
    longest: int = 256
    pooling: str = "auto"

    def __post_init__(self) -> None:
        super().__post_init__()
        if _PLACE not in self.template:
            raise UsageError(
                f"the template '{self.template}' has no place for a class's name",
                fix=f"write {_PLACE} where it goes: template=This is about {_PLACE}.",
            )

    def refuses(self, task: TaskSpec) -> str | None:
        """Return why not: no encoder, no text, or class names that say nothing."""
        return super().refuses(task) or why_meaningless(task.classes)

    def fit(
        self, train: Examples, valid: Examples | None, context: Context
    ) -> EncoderZeroshotFitted:
        """Encode the names of the classes; of ``train`` only its task and columns are used."""
        from bakeoff.training.frozen import encode

        del valid
        reader = FrozenReader.fit(
            train.inputs,
            self.source(),
            longest=self.longest,
            pooling=self.pooling,
            device=context.device,
        )
        names = [self.template.replace(_PLACE, label_words(name)) for name in train.task.classes]
        vectors = encode(
            reader.encoder(),
            names,
            device=context.device,
            threads=context.threads,
            precision=reader.precision,
        )
        return EncoderZeroshotFitted(
            reader, unit_vectors(vectors), reader.usual_lengths(train.inputs)
        )

    def load(self, folder: Path, task: TaskSpec) -> EncoderZeroshotFitted:
        """Read back what `EncoderZeroshotFitted.save` wrote.

        Raises:
            ArtefactError: The files are damaged, or the encoder is not here.
        """
        del task
        state = load_state(folder)
        labels = np.asarray(state.arrays["labels"], dtype=np.float32)
        lengths = state.integers("lengths")
        return EncoderZeroshotFitted(FrozenReader.of_state(state), labels, lengths)


@dataclass(frozen=True, slots=True)
class EncoderZeroshotFitted(Fitted):
    """The encoder by reference, and the classes' vectors.

    Args:
        reader: Of the text columns; a row is the mean of their vectors.
        labels: ``(n_classes, width)``, float32, rows of length 1.
        lengths: Median number of tokens of each column, for `facts`.
    """

    reader: FrozenReader
    labels: NDArray[np.float32]
    lengths: tuple[int, ...]

    def predict(self, inputs: Inputs, context: Context) -> Predictions:
        """Return class probabilities."""
        columns = [
            unit_vectors(self.reader.vectors(inputs, name, context)) for name in self.reader.columns
        ]
        rows = unit_vectors(np.mean(columns, axis=0, dtype=np.float32))
        cosines = (rows @ self.labels.T).astype(np.float64)
        return to_predictions(inputs.ids, softmax(cosines / TEMPERATURE, axis=1))

    def save(self, folder: Path) -> None:
        """Write the classes' vectors, and of the encoder its name and SHA-256 alone."""
        values = self.reader.values() | {"lengths": list(self.lengths)}
        save_state(folder, values, {"labels": self.labels})

    def facts(self) -> Facts:
        """Return the encoder's size; nothing was trained here."""
        flops = self.reader.flops(self.lengths)
        return Facts(
            parameters=self.reader.encoder().parameters,
            trained_parameters=0,
            flops_per_row=None if flops is None else flops + 2 * self.labels.size,
            model_bytes=self.reader.source.checkpoint.weight_bytes + self.labels.nbytes,
        )
