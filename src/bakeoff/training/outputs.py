"""What a net says of some rows, and how far that is from their targets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from bakeoff.training.batches import equal_length_batches
from bakeoff.training.devices import bring, held, resolve_device
from bakeoff.training.memory import in_pieces
from bakeoff.training.precision import autocast
from bakeoff.training.seeds import pinned_threads

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from torch import nn

    from bakeoff.training.losses import Loss
    from bakeoff.training.rows import Rows
    from bakeoff.training.trained import LabelledRows


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

    Raises:
        ContenderError: A single row does not fit into memory.
    """
    place = resolve_device(device)
    found = np.empty((len(rows), width), dtype=np.float32)

    def work(positions: NDArray[np.int64]) -> None:
        batch = {key: value.to(place) for key, value in rows.batch(positions).items()}
        found[positions] = net(**batch).float().cpu().numpy()

    with (
        held(place),
        pinned_threads(threads),
        torch.inference_mode(),
        autocast(place, precision),
    ):
        bring(net, place)
        for positions in equal_length_batches(rows.lengths()):
            in_pieces(work, positions, place)
    return found


def mean_loss(
    net: nn.Module, valid: LabelledRows, loss: Loss, device: torch.device, precision: str
) -> float:
    """Return the weighted mean of the rows' losses; the net is in evaluation mode afterwards.

    Raises:
        ContenderError: A single row does not fit into memory.
    """
    net.eval()
    sums: list[torch.Tensor] = []

    def work(positions: NDArray[np.int64]) -> None:
        batch = {key: value.to(device) for key, value in valid.rows.batch(positions).items()}
        with autocast(device, precision):
            outputs = net(**batch)
        sums.append(loss.sum(outputs, valid.targets[positions].to(device)))

    with torch.inference_mode():
        for positions in equal_length_batches(valid.rows.lengths()):
            in_pieces(work, positions, device)
    return float(torch.stack(sums).double().sum()) / loss.weight(valid.targets)
