"""Rows as a frozen encoder's vectors, each row encoded once for all folds, workers and runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bakeoff.core.row_cache import CACHED_CPU_S
from bakeoff.data.columns import ColumnType
from bakeoff.models.encoder_features import joined_features
from bakeoff.models.encoder_source import EncoderSource, find_saved

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from bakeoff.contenders.base import Context
    from bakeoff.data.inputs import Inputs
    from bakeoff.models.encoders import TextEncoder
    from bakeoff.models.image_encoders import ImageEncoder
    from bakeoff.models.state import State, Value


@dataclass(frozen=True, slots=True)
class FrozenReader:
    """Which columns are encoded, by what and how; everything that changes a vector is here.

    Args:
        columns: Columns of the encoder's modality.
        source: The encoder.
        longest: Tokens of a text that are read.
        pooling: As in `models.encoders.load_text_encoder`.
        precision: ``"fp32"`` or ``"bf16"``.
    """

    columns: tuple[str, ...]
    source: EncoderSource
    longest: int
    pooling: str
    precision: str

    @classmethod
    def fit(
        cls, inputs: Inputs, source: EncoderSource, *, longest: int, pooling: str, device: str
    ) -> FrozenReader:
        """Return the reader of all columns that the encoder can read."""
        from bakeoff.training.frozen import frozen_precision

        if source.modality == "image":
            # A conv net in bf16 gives a row other numbers among other neighbours.
            return cls(inputs.named(ColumnType.IMAGE), source, longest, pooling, "fp32")
        columns = inputs.named(ColumnType.TEXT)
        return cls(columns, source, longest, pooling, frozen_precision(device))

    @classmethod
    def of_state(cls, state: State) -> FrozenReader:
        """Return the reader that `values` described, its encoder found again.

        Raises:
            ArtefactError: The encoder is not here.
        """
        asked, digest, pooling, precision = (
            str(state.values.get(name)) for name in ("encoder", "digest", "pooling", "precision")
        )
        source = find_saved(asked, digest)
        return cls(state.texts("columns"), source, int(state.number("longest")), pooling, precision)

    def values(self) -> dict[str, Value]:
        """Return what a saved model keeps of it: the encoder by name and SHA-256."""
        return {
            "columns": list(self.columns),
            "encoder": self.source.asked,
            "digest": self.source.digest(),
            "longest": self.longest,
            "pooling": self.pooling,
            "precision": self.precision,
        }

    def encoder(self) -> TextEncoder | ImageEncoder:
        """Return the encoder, loaded once in a process."""
        if self.source.modality == "image":
            from bakeoff.models.image_encoders import load_image_encoder

            return load_image_encoder(self.source, pooling=self.pooling)
        from bakeoff.models.encoders import load_text_encoder

        return load_text_encoder(self.source, longest=self.longest, pooling=self.pooling)

    def usual_lengths(self, inputs: Inputs) -> tuple[int, ...]:
        """Return the median number of tokens of each column; 1 for pictures."""
        from bakeoff.training.frozen import usual_length

        encoder = self.encoder()
        return tuple(usual_length(encoder, self._cells(inputs, name)) for name in self.columns)

    def flops(self, lengths: Sequence[int]) -> float | None:
        """Return the floating-point operations of encoding a row whose columns are so long."""
        from bakeoff.training.frozen import encoding_flops

        counts = [encoding_flops(self.encoder(), length) for length in lengths]
        known = [count for count in counts if count is not None]
        return sum(known) if len(known) == len(counts) else None

    def _cells(self, inputs: Inputs, column: str) -> list[str] | list[bytes]:
        return inputs.texts(column) if self.source.modality == "text" else inputs.images(column)

    def features(self, inputs: Inputs, context: Context) -> NDArray[np.float32]:
        """Return the features of rows: ``(n, n_features)``, float32."""
        return joined_features([self.vectors(inputs, name, context) for name in self.columns])

    def vectors(self, inputs: Inputs, column: str, context: Context) -> NDArray[np.float32]:
        """Return one column's vectors: ``(n, width)``, float32."""
        from bakeoff.training.frozen import encode_once

        found = encode_once(
            self.encoder(),
            self._cells(inputs, column),
            inputs.keys([column]),
            digest=self.source.digest(),
            longest=self.longest if self.source.modality == "text" else 0,
            precision=self.precision,
            device=context.device,
            threads=context.threads,
            store=context.features,
        )
        context.meter.add(CACHED_CPU_S, found.cached_cpu_s)
        return found.values
