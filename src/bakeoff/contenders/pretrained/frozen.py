"""``encoder-frozen``: a pretrained encoder as it is, and a linear model on its vectors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from bakeoff.contenders.base import Card, Facts, Fitted
from bakeoff.contenders.pretrained.on_encoder import OnEncoder
from bakeoff.contenders.pretrained.reader import FrozenReader
from bakeoff.core.errors import UsageError
from bakeoff.data.columns import ColumnType
from bakeoff.models.outputs import to_predictions
from bakeoff.models.scaled_head import ScaledHead
from bakeoff.models.state import load_state, save_state

if TYPE_CHECKING:
    from pathlib import Path

    from bakeoff.contenders.base import Context
    from bakeoff.data.inputs import Inputs
    from bakeoff.tasks.examples import Examples
    from bakeoff.tasks.predictions import Predictions
    from bakeoff.tasks.spec import TaskSpec


@dataclass(frozen=True)
class EncoderFrozen(OnEncoder):
    """Logistic or ridge regression on an encoder's vectors; the encoder learns nothing.

    Every row is encoded once, whatever the number of folds, and kept in ``context.features``. Two
    text columns are told as a pair: both vectors, their difference, product and cosine.

    Args:
        longest: Tokens of a text that are read (a checkpoint may read fewer).
        pooling: ``"mean"``, ``"cls"``, ``"last"`` or ``"auto"``: what the checkpoint was made for;
            causal ones the last token.
        C: Inverse strength of the penalty (for numbers the penalty is ``10 / C``); None: the best
            on the validation rows, and 0.03 where there are none.
    """

    card: ClassVar[Card] = Card(
        name="encoder-frozen",
        title="frozen + linear",
        seconds_per_1000=6.0,
        family="pretrained",
        summary="vectors of a pretrained encoder (default: MiniLM) with a linear model",
        kinds=frozenset({"classification", "regression"}),
        reads=frozenset({ColumnType.TEXT, ColumnType.IMAGE}),
        needs=frozenset({ColumnType.TEXT, ColumnType.IMAGE}),
        abilities=frozenset({"probabilities", "confidence"}),
        extras=("torch",),
        rank=6,
        licence="Apache-2.0 (all-MiniLM-L6-v2); other encoders: their own",
        source="Reimers and Gurevych 2019, 'Sentence-BERT'",
        pretrained=True,
    )

    longest: int = 256
    pooling: str = "auto"
    C: float | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.pooling not in ("auto", "mean", "cls", "last"):
            raise UsageError(
                f"pooling={self.pooling} is not known", why="it is auto, mean, cls or last"
            )

    def fit(self, train: Examples, valid: Examples | None, context: Context) -> EncoderFrozenFitted:
        """Choose the penalty on ``valid``, then learn the weights from both parts."""
        reader = FrozenReader.fit(
            train.inputs,
            self.source(),
            longest=self.longest,
            pooling=self.pooling,
            device=context.device,
        )
        held_out = None
        if valid is not None and len(valid):
            held_out = (reader.features(valid.inputs, context), valid.targets)
        learn = (reader.features(train.inputs, context), train.targets)
        head = ScaledHead.fit(learn, held_out, len(train.task.classes), self.C)
        return EncoderFrozenFitted(reader, head, reader.usual_lengths(train.inputs))

    def load(self, folder: Path, task: TaskSpec) -> EncoderFrozenFitted:
        """Read back what `EncoderFrozenFitted.save` wrote.

        Raises:
            ArtefactError: The files are damaged, or the encoder is not here.
        """
        state = load_state(folder)
        return EncoderFrozenFitted(
            FrozenReader.of_state(state),
            ScaledHead.of_arrays(state.arrays, "head", len(task.classes)),
            state.integers("lengths"),
        )


@dataclass(frozen=True, slots=True)
class EncoderFrozenFitted(Fitted):
    """The encoder by reference, scales and weights.

    Args:
        reader: Of the encoder's columns.
        head: On its vectors.
        lengths: Median number of tokens of each column, for `facts`.
    """

    reader: FrozenReader
    head: ScaledHead
    lengths: tuple[int, ...]

    def predict(self, inputs: Inputs, context: Context) -> Predictions:
        """Return class probabilities or numbers."""
        raw = self.reader.features(inputs, context)
        return to_predictions(inputs.ids, self.head.outputs(raw))

    def save(self, folder: Path) -> None:
        """Write scales and weights, and of the encoder its name and SHA-256 alone."""
        values = self.reader.values() | {"lengths": list(self.lengths)}
        save_state(folder, values, self.head.arrays("head"))

    def facts(self) -> Facts:
        """Return the size with the encoder's, without which nothing is predicted."""
        flops = self.reader.flops(self.lengths)
        return Facts(
            parameters=self.reader.encoder().parameters + self.head.n_weights,
            trained_parameters=self.head.n_weights,
            flops_per_row=None if flops is None else flops + 2 * self.head.n_weights,
            model_bytes=self.reader.source.checkpoint.weight_bytes + self.head.n_bytes,
        )
