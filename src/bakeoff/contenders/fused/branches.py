"""The branches of a fused net: how each modality is read, and the part of the net that reads it."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bakeoff.contenders.net_model import Reader
from bakeoff.core.row_cache import CACHED_CPU_S, RowCache
from bakeoff.models.images import small_pictures
from bakeoff.models.net_files import keep_net
from bakeoff.models.standardiser import Standardiser

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray
    from torch import nn

    from bakeoff.contenders.base import Context
    from bakeoff.contenders.net_model import Kept
    from bakeoff.data.inputs import Inputs
    from bakeoff.models.encoder_source import EncoderSource
    from bakeoff.models.feature_nets import FeatureNet
    from bakeoff.models.state import Value
    from bakeoff.models.table_arrays import TableArrays
    from bakeoff.models.vocabulary import Vocabulary
    from bakeoff.training.rows import Rows


class Branch(Reader):
    """One modality of a fused net: how it is read, and the part of the net that reads it."""

    @abstractmethod
    def net(self, size: int, dropout: float) -> nn.Module:
        """Return a net with fresh weights that gives cells of this size."""


@dataclass(frozen=True, slots=True)
class WordBranch(Branch):
    """Word vectors learned here.

    Args:
        columns: Text columns, read one after the other.
        vocabulary: Of the training texts.
        longest: Words of a row that are read.
    """

    columns: tuple[str, ...]
    vocabulary: Vocabulary
    longest: int

    def rows(self, inputs: Inputs, context: Context) -> Rows:
        """Return word numbers."""
        from bakeoff.training.rows import TokenRows

        del context
        texts = [inputs.texts(name) for name in self.columns]
        return TokenRows(self.vocabulary.sequences(texts, self.longest))

    def net(self, size: int, dropout: float) -> nn.Module:
        """Return `WordCells`."""
        from bakeoff.models.nets.fusion import WordCells

        del dropout
        return WordCells(len(self.vocabulary), size)

    def state(self) -> Kept:
        """Return columns and words."""
        return {"texts": list(self.columns), "words": list(self.vocabulary.words)}, {}


@dataclass(frozen=True, slots=True)
class PixelBranch(Branch):
    """A convolutional net learned here.

    Args:
        columns: Picture columns.
        side: Of the squares to which pictures are stretched.
    """

    columns: tuple[str, ...]
    side: int

    def rows(self, inputs: Inputs, context: Context) -> Rows:
        """Return pictures: ``(n, columns, side, side, 3)``, uint8."""
        from bakeoff.training.rows import ArrayRows

        del context
        pictures = [small_pictures(inputs.images(name), self.side) for name in self.columns]
        return ArrayRows({"pictures": np.rint(np.stack(pictures, axis=1) * 255).astype(np.uint8)})

    def net(self, size: int, dropout: float) -> nn.Module:
        """Return `PixelCells`."""
        from bakeoff.models.nets.fusion import PixelCells

        del dropout
        return PixelCells(size)

    def state(self) -> Kept:
        """Return columns and side."""
        return {"images": list(self.columns), "side": self.side}, {}


@dataclass(frozen=True, slots=True)
class ColumnBranch(Branch):
    """Numbers, dates and categories."""

    table: TableArrays

    def rows(self, inputs: Inputs, context: Context) -> Rows:
        """Return scaled numbers and codes."""
        from bakeoff.training.rows import ArrayRows

        del context
        return ArrayRows(self.table.arrays(inputs))

    def net(self, size: int, dropout: float) -> nn.Module:
        """Return `ColumnCells`."""
        from bakeoff.models.nets.fusion import ColumnCells

        return ColumnCells(self.table.n_numbers, self.table.sizes, size, dropout)

    def state(self) -> Kept:
        """Return categories and scales."""
        return self.table.state()


@dataclass(frozen=True, slots=True)
class FrozenBranch(Branch):
    """What branches on frozen features share: cells made once a row, standardised.

    Args:
        columns: Columns that are read, their cells one after the other.
        scale: Of a cell's features.
    """

    columns: tuple[str, ...]
    scale: Standardiser

    @abstractmethod
    def raw(self, inputs: Inputs, column: str, context: Context) -> NDArray[np.float32]:
        """Return a column's cells, ``(n, cells, width)``, float32; zeros where there is none."""

    def rows(self, inputs: Inputs, context: Context) -> Rows:
        """Return cells and where they are."""
        from bakeoff.training.rows import ArrayRows

        cells, mask = self._cells(inputs, context)
        scaled = self.scale.transform(cells.reshape(-1, cells.shape[-1])).reshape(cells.shape)
        return ArrayRows({"cells": scaled, "mask": mask})

    def fit_scale(self, inputs: Inputs, context: Context) -> Standardiser:
        """Return the scale of the cells of training rows."""
        cells, mask = self._cells(inputs, context)
        return Standardiser.fit(cells[mask])

    def _cells(
        self, inputs: Inputs, context: Context
    ) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        cells = np.concatenate([self.raw(inputs, c, context) for c in self.columns], axis=1)
        mask = (cells != 0).any(axis=2)
        # A picture may be zeros all over and is there all the same: a row has one cell at least.
        mask[:, 0] = True
        return cells, mask

    def net(self, size: int, dropout: float) -> nn.Module:
        """Return `FrozenCells`."""
        from bakeoff.models.nets.fusion import FrozenCells

        return FrozenCells(len(self.scale.means), size, dropout)


@dataclass(frozen=True, slots=True)
class EncoderBranch(FrozenBranch):
    """Token states of a frozen pretrained encoder, means over spans.

    Args:
        source: The encoder.
        precision: ``"fp32"`` or ``"bf16"``.
        spans: Of a text.
        longest: Tokens of a text that are read.
    """

    source: EncoderSource
    precision: str
    spans: int
    longest: int

    def raw(self, inputs: Inputs, column: str, context: Context) -> NDArray[np.float32]:
        """Return the means of spans: ``(n, spans, width)``, float32."""
        from bakeoff.models.encoders import load_text_encoder
        from bakeoff.training.devices import resolve_device
        from bakeoff.training.frozen_cells import text_spans

        encoder = load_text_encoder(self.source, longest=self.longest)
        texts = inputs.texts(column)

        def make(positions: NDArray[np.int64]) -> NDArray[np.float32]:
            found = text_spans(
                encoder,
                [texts[i] for i in positions],
                self.spans,
                device=context.device,
                threads=context.threads,
                precision=self.precision,
            )
            return found.reshape(len(positions), -1)

        key = {
            "what": "frozen spans",
            "encoder": self.source.digest(),
            "spans": self.spans,
            "longest": encoder.longest,
            "precision": self.precision,
            "device": resolve_device(context.device).type,
        }
        order = np.argsort([len(text) for text in texts], kind="stable").astype(np.int64)
        cache = RowCache(context.features, key, self.spans * encoder.width)
        found = cache.rows(inputs.keys([column]), make, order)
        context.meter.add(CACHED_CPU_S, found.cached_cpu_s)
        return found.values.reshape(len(texts), self.spans, encoder.width)

    def state(self) -> Kept:
        """Return columns, scale, and the encoder by name and SHA-256."""
        values: dict[str, Value] = {
            "texts": list(self.columns),
            "encoder": self.source.asked,
            "digest": self.source.digest(),
            "precision": self.precision,
        }
        return values, self.scale.arrays("text")

    def frozen_parameters(self) -> int:
        """Return the encoder's weights."""
        from bakeoff.models.encoders import load_text_encoder

        return load_text_encoder(self.source).parameters

    def n_bytes(self) -> int:
        """Return the bytes of the encoder's weights in memory."""
        return 4 * self.frozen_parameters()


@dataclass(frozen=True, slots=True)
class NetBranch(FrozenBranch):
    """Cells of a frozen picture net.

    Args:
        frozen: The net, with its grid.
    """

    frozen: FeatureNet

    def raw(self, inputs: Inputs, column: str, context: Context) -> NDArray[np.float32]:
        """Return the net's cells: ``(n, cells, width)``, float32."""
        found = self.frozen.cached(
            inputs.keys([column]), inputs.images(column), context.features, context.threads
        )
        context.meter.add(CACHED_CPU_S, found.cached_cpu_s)
        return found.values.reshape(len(inputs), *self.frozen.shape(context.threads))

    def state(self) -> Kept:
        """Return columns, scale, and the net's SHA-256."""
        values: dict[str, Value] = {
            "images": list(self.columns),
            "net": [self.frozen.file.sha256],
        }
        return values, self.scale.arrays("image")

    def save_files(self, folder: Path) -> None:
        """Write a copy of the net."""
        keep_net(self.frozen.file, folder)

    def frozen_parameters(self) -> int:
        """Return the net's weights."""
        return self.frozen.opened(1).parameters

    def n_bytes(self) -> int:
        """Return the size of the net's file."""
        return len(self.frozen.file.content)
