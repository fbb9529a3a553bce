"""Out of memory: known in all its forms, answered with smaller pieces."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from bakeoff.core.errors import ContenderError

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

_SAYINGS = ("out of memory", "not enough memory", "can't allocate memory")
"""What PyTorch's allocators say on a GPU and on a CPU; only the first has a class of its own."""
ADVICE = (
    "even one row at a time does not fit into memory: read less of a row (a lower 'longest' or "
    "picture size), take a smaller net, or leave more memory free"
)


def is_out_of_memory(error: BaseException) -> bool:
    """Return whether an error says that memory was not enough."""
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    return isinstance(error, RuntimeError) and any(said in str(error) for said in _SAYINGS)


def give_back(device: torch.device) -> None:
    """Return cached blocks of a GPU to the system, so that smaller pieces find a place."""
    if device.type == "cuda":
        torch.cuda.empty_cache()


def in_pieces(
    work: Callable[[NDArray[np.int64]], None],
    positions: NDArray[np.int64],
    device: torch.device,
) -> None:
    """Do ``work`` on all positions, in halves and halves of halves where memory is not enough.

    Only for work whose result does not depend on which rows stand together.

    Raises:
        ContenderError: A single row does not fit.
    """
    waiting = [positions]
    while waiting:
        piece = waiting.pop()
        if not _done(work, piece):
            give_back(device)
            if len(piece) == 1:
                raise ContenderError(ADVICE)
            half = (len(piece) + 1) // 2
            waiting += [piece[half:], piece[:half]]


def _done(work: Callable[[NDArray[np.int64]], None], piece: NDArray[np.int64]) -> bool:
    # A function of its own: once it has returned, no traceback keeps the failed piece's tensors.
    try:
        work(piece)
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
        return False
    return True
