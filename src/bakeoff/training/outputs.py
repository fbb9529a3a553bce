"""What a trained net says of some rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from bakeoff.training.batches import equal_length_batches
from bakeoff.training.devices import resolve_device
from bakeoff.training.precision import autocast
from bakeoff.training.seeds import pinned_threads

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from torch import nn

    from bakeoff.training.rows import Rows


def net_outputs(
    net: nn.Module,
    rows: Rows,
    *,
    width: int,
    device: str = "auto",
    threads: int = 1,
    precision: str = "fp32",
) -> NDArray[np.float32]:
    """Return the net's raw outputs: ``(n, width)``, float32.

    Batches hold rows of one length only, so that a row's output does not depend on its neighbours.

    Args:
        net: In evaluation mode; its output is ``(n, width)``.
        rows: What it reads.
        width: Numbers it gives for a row.
        device: As in `resolve_device`.
        threads: Threads to use.
        precision: ``"fp32"`` or ``"bf16"``.
    """
    place = resolve_device(device)
    found = np.empty((len(rows), width), dtype=np.float32)
    net.to(place)
    with pinned_threads(threads), torch.inference_mode(), autocast(place, precision):
        for positions in equal_length_batches(rows.lengths()):
            batch = {key: value.to(place) for key, value in rows.batch(positions).items()}
            found[positions] = net(**batch).float().cpu().numpy()
    return found
