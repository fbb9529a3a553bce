"""``encoder-static``: token vectors distilled from an encoder, looked up, with a linear model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from bakeoff.contenders.base import Card, Facts, Fitted
from bakeoff.contenders.pretrained.on_encoder import OnEncoder
from bakeoff.core.errors import ArtefactError
from bakeoff.core.hashing import hash_text
from bakeoff.core.row_cache import CACHED_CPU_S, RowCache
from bakeoff.data.columns import ColumnType
from bakeoff.models.encoder_features import joined_features
from bakeoff.models.outputs import to_predictions
from bakeoff.models.scaled_head import ScaledHead
from bakeoff.models.state import load_state, save_state
from bakeoff.models.static_vectors import StaticVectors

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from bakeoff.contenders.base import Context
    from bakeoff.data.inputs import Inputs
    from bakeoff.tasks.examples import Examples
    from bakeoff.tasks.predictions import Predictions
    from bakeoff.tasks.spec import TaskSpec

_TOKENIZER = "tokenizer.json"


@dataclass(frozen=True)
class EncoderStatic(OnEncoder):
    """Logistic or ridge regression on the mean of a text's static token vectors.

    The encoder sees every token of its vocabulary once; after that it is not needed: a prediction
    reads rows of a table, and a saved model holds the table and the tokenizer.

    Args:
        size: Numbers of a token's vector, at most.
        C: Inverse strength of the penalty (for numbers the penalty is ``10 / C``); None: the best
            on the validation rows, and 0.03 where there are none.
    """

    card: ClassVar[Card] = Card(
        name="encoder-static",
        title="static + linear",
        seconds_per_1000=0.6,
        family="pretrained",
        summary="token vectors distilled from a pretrained encoder, with a linear model",
        kinds=frozenset({"classification", "regression"}),
        reads=frozenset({ColumnType.TEXT}),
        needs=frozenset({ColumnType.TEXT}),
        abilities=frozenset({"probabilities", "confidence"}),
        extras=("torch",),
        rank=4,
        licence="Apache-2.0 (all-MiniLM-L6-v2); other encoders: their own",
        source="Tulkens and van Dongen 2024, 'Model2Vec: Fast State-of-the-Art Static Embeddings'",
        pretrained=True,
    )

    size: int = 384
    C: float | None = None

    def fit(self, train: Examples, valid: Examples | None, context: Context) -> EncoderStaticFitted:
        """Choose the penalty on ``valid``, then learn the weights from both parts."""
        columns = train.inputs.named(ColumnType.TEXT)
        reader = StaticReader.distil(self, columns, context)
        held_out = None
        if valid is not None and len(valid):
            held_out = (reader.features(valid.inputs), valid.targets)
        learn = (reader.features(train.inputs), train.targets)
        head = ScaledHead.fit(learn, held_out, len(train.task.classes), self.C)
        return EncoderStaticFitted(reader, head)

    def load(self, folder: Path, task: TaskSpec) -> EncoderStaticFitted:
        """Read back what `EncoderStaticFitted.save` wrote; neither torch nor encoder is needed.

        Raises:
            ArtefactError: The files are damaged.
        """
        state = load_state(folder)
        try:
            tokenizer = (folder / _TOKENIZER).read_text(encoding="utf-8")
        except OSError as error:
            raise ArtefactError(
                f"the tokenizer cannot be read: {error}", where=_TOKENIZER
            ) from error
        vectors = StaticVectors(np.asarray(state.arrays["table"], dtype=np.float16))
        return EncoderStaticFitted(
            StaticReader(state.texts("columns"), tokenizer, vectors),
            ScaledHead.of_arrays(state.arrays, "head", len(task.classes)),
        )


@dataclass(frozen=True, slots=True)
class StaticReader:
    """Columns, the tokenizer as JSON, and the table."""

    columns: tuple[str, ...]
    tokenizer: str
    vectors: StaticVectors

    @classmethod
    def distil(
        cls, contender: EncoderStatic, columns: tuple[str, ...], context: Context
    ) -> StaticReader:
        """Let the encoder see every token once; kept for all folds, workers and runs."""
        from bakeoff.models.encoders import load_text_encoder
        from bakeoff.training.devices import resolve_device
        from bakeoff.training.frozen import encode_tokens, frozen_precision

        encoder = load_text_encoder(contender.source())
        precision = frozen_precision(context.device)
        tokens = np.arange(encoder.tokenizer.get_vocab_size(), dtype=np.int64)

        def make(positions: NDArray[np.int64]) -> NDArray[np.float32]:
            return encode_tokens(
                encoder,
                tokens[positions],
                device=context.device,
                threads=context.threads,
                precision=precision,
            )

        key = {
            "what": "tokens alone",
            "encoder": encoder.source.digest(),
            "pooling": encoder.pooling,
            "precision": precision,
            "device": resolve_device(context.device).type,
        }
        names = [hash_text(f"token {token}") for token in tokens]
        found = RowCache(context.features, key, encoder.width).rows(names, make)
        context.meter.add(CACHED_CPU_S, found.cached_cpu_s)
        vectors = StaticVectors.distil(found.values, contender.size, encoder.special_tokens())
        return cls(columns, encoder.plain_tokenizer(), vectors)

    def features(self, inputs: Inputs) -> NDArray[np.float32]:
        """Return the features of rows: ``(n, n_features)``, float32."""
        from bakeoff.models.tokenizing import plain_sequences

        return joined_features(
            [
                self.vectors.means(plain_sequences(self.tokenizer, inputs.texts(name)))
                for name in self.columns
            ]
        )


@dataclass(frozen=True, slots=True)
class EncoderStaticFitted(Fitted):
    """Table, scales and weights."""

    reader: StaticReader
    head: ScaledHead

    def predict(self, inputs: Inputs, context: Context) -> Predictions:
        """Return class probabilities or numbers."""
        del context
        raw = self.reader.features(inputs)
        return to_predictions(inputs.ids, self.head.outputs(raw))

    def save(self, folder: Path) -> None:
        """Write the tokenizer as JSON, the rest as arrays: nothing else is needed to predict."""
        (folder / _TOKENIZER).write_text(self.reader.tokenizer, encoding="utf-8")
        arrays = {"table": self.reader.vectors.table, **self.head.arrays("head")}
        save_state(folder, {"columns": list(self.reader.columns)}, arrays)

    def facts(self) -> Facts:
        """Return the size, the table included."""
        table = self.reader.vectors.table
        return Facts(
            parameters=table.size + self.head.n_weights,
            trained_parameters=self.head.n_weights,
            flops_per_row=2.0 * self.head.n_weights,
            model_bytes=table.nbytes + self.head.n_bytes,
        )
