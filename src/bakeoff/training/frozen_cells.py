"""Texts as a few vectors each, from a frozen encoder: means of its token states over spans."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from bakeoff.training.batches import equal_length_batches
from bakeoff.training.devices import resolve_device
from bakeoff.training.encoder_rows import encoder_rows
from bakeoff.training.precision import autocast
from bakeoff.training.seeds import pinned_threads

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bakeoff.models.encoders import TextEncoder


def text_spans(
    encoder: TextEncoder,
    texts: Sequence[str],
    spans: int,
    *,
    device: str,
    threads: int,
    precision: str,
) -> NDArray[np.float32]:
    """Return ``(n, spans, width)``, float32: a text's tokens in runs of like length, each a mean.

    A text of fewer tokens than ``spans`` has one span for each; the rest are zeros all over.

    Args:
        encoder: Frozen.
        texts: ``n``.
        spans: Of a text, at most.
        device: As in `training.devices.resolve_device`.
        threads: Threads to use.
        precision: ``"fp32"`` or ``"bf16"``.
    """
    place = resolve_device(device)
    rows = encoder_rows(encoder, [texts])
    found = np.zeros((len(texts), spans, encoder.width), dtype=np.float32)
    net = encoder.net.to(place)
    with pinned_threads(threads), torch.inference_mode(), autocast(place, precision):
        # Rows of one length only: nothing is padded, and no row depends on its neighbours.
        for positions in equal_length_batches(rows.lengths()):
            batch = {key: value.to(place) for key, value in rows.batch(positions).items()}
            states = net.states(**batch).float().cpu()
            parts = torch.tensor_split(states, min(spans, states.shape[1]), dim=1)
            means = torch.stack([part.mean(dim=1) for part in parts], dim=1)
            found[positions, : len(parts)] = means.numpy()
    return found
