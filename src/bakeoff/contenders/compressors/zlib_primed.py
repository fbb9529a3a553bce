"""The compressor of gzip and PNG as a language model: the bits that it makes of a text."""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from bakeoff.contenders.base import Card, Contender, Fitted
from bakeoff.data.columns import ColumnType
from bakeoff.models.state import load_state, save_state
from bakeoff.tasks.examples import Examples
from bakeoff.tasks.predictions import Predictions

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from bakeoff.contenders.base import Context
    from bakeoff.data.inputs import Inputs
    from bakeoff.tasks.spec import TaskSpec

WINDOW = 32_768
"""Bytes that deflate looks back at most."""
_BEST = 9


@dataclass(frozen=True)
class ZlibPrimed(Contender):
    """Deflate, its window filled with the end of the training text.

    A code is a probability: a text of ``b`` bits has ``2**-b`` (Kraft's inequality).
    """

    card: ClassVar[Card] = Card(
        name="zlib-primed",
        title="zlib",
        family="compressors",
        summary="the compressor zlib, primed with the last 32 kB of the training text",
        kinds=frozenset({"language-modelling"}),
        reads=frozenset({ColumnType.TEXT}),
        needs=frozenset({ColumnType.TEXT}),
        rank=1,
        licence="zlib",
        source="Deutsch 1996, RFC 1951",
        seconds_per_1000=0.001,
    )

    def fit(self, train: Examples, valid: Examples | None, context: Context) -> ZlibFitted:
        """Keep the end of the text."""
        del context
        inputs = Examples.concatenate(train, valid).inputs
        (column,) = inputs.named(ColumnType.TEXT)
        tail = b""
        for text in reversed(inputs.texts(column)):
            tail = text.encode("utf-8", "surrogatepass") + tail
            if len(tail) >= WINDOW:
                break
        return ZlibFitted(column, tail[-WINDOW:])

    def load(self, folder: Path, task: TaskSpec) -> ZlibFitted:
        """Read back what `ZlibFitted.save` wrote."""
        del task
        state = load_state(folder)
        return ZlibFitted(state.texts("columns")[0], state.arrays["primer"].tobytes())


@dataclass(frozen=True, slots=True)
class ZlibFitted(Fitted):
    """The column, and what the compressor has seen before a text begins."""

    column: str
    primer: bytes

    def predict(self, inputs: Inputs, context: Context) -> Predictions:
        """Return the length of each packed text, in nats."""
        del context
        nats = [math.log(2) * 8 * self._size(text) for text in inputs.texts(self.column)]
        return Predictions.of_nats(inputs.ids, np.array(nats, dtype=np.float64))

    def _size(self, text: str) -> int:
        packer = zlib.compressobj(_BEST, zlib.DEFLATED, -zlib.MAX_WBITS, zdict=self.primer)
        return len(packer.compress(text.encode("utf-8", "surrogatepass")) + packer.flush())

    def save(self, folder: Path) -> None:
        """Write the primer."""
        primer: NDArray[np.uint8] = np.frombuffer(self.primer, dtype=np.uint8)
        save_state(folder, {"columns": [self.column]}, {"primer": primer})
