"""Where a net runs."""

from __future__ import annotations

import torch

from bakeoff.core.errors import UsageError, UserError


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
