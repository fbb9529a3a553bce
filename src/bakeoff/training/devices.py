"""Where a net runs."""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING

import torch

from bakeoff.core.errors import UsageError, UserError
from bakeoff.core.lock import exclusive
from bakeoff.core.store import default_root

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import nn

_MOVING = threading.Lock()


def resolve_device(name: str) -> torch.device:
    """Return the device: ``"auto"`` is a CUDA GPU where there is one, else the CPU.

    Raises:
        UsageError: Torch knows no such device.
        UserError: A GPU was asked for that this machine, or this torch, does not have.
    """
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
    except RuntimeError as error:
        raise UsageError(
            f"no device '{name}'", why="it must be auto, cpu, cuda, cuda:0, cuda:1, ..."
        ) from error
    if device.type == "cuda" and (device.index or 0) >= torch.cuda.device_count():
        found = torch.cuda.device_count()
        built = torch.version.cuda
        raise UserError(
            f"the device '{name}' was asked for and is not there",
            why=f"torch sees {found} CUDA GPUs here"
            + ("" if built else f"; this torch ({torch.__version__}) is built without CUDA"),
            fix="use the device 'auto' or 'cpu'" + ("" if built else ", or install a CUDA build"),
        )
    return device


def bring(net: nn.Module, device: torch.device) -> None:
    """Move a net to a device, and leave it untouched where it is there already.

    Not ``net.to`` each time: it takes recurrent layers apart and puts them together again even
    where nothing moves, and another thread may be predicting with them.
    """
    with _MOVING:
        for weight in net.parameters():
            here = weight.device
            if here.type != device.type or device.index not in (None, here.index):
                net.to(device)
                return


@contextlib.contextmanager
def held(device: torch.device) -> Iterator[None]:
    """Let one process of this machine at a time use a GPU in this block; a CPU is shared freely.

    Several workers on one GPU would share its memory and slow one another down.

    Raises:
        StorageError: The lock's file cannot be made in the store's folder.
    """
    if device.type == "cpu":
        yield
        return
    with exclusive(default_root() / "locks" / f"{device.type}.lock"):
        yield
