"""A net's weights on disk: safetensors alone; what is read back must fit the net exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bakeoff.core.errors import ArtefactError

if TYPE_CHECKING:
    from pathlib import Path

    from torch import nn

_WEIGHTS = "net.safetensors"


def save_net(folder: Path, net: nn.Module) -> None:
    """Write all parameters and buffers.

    Raises:
        OSError: The disk is full or cannot be written.
    """
    from safetensors.torch import save

    # Not save_file: it hides a full disk in an error of its own. Clones: tied weights share memory.
    state = {
        name: tensor.detach().cpu().contiguous().clone()
        for name, tensor in net.state_dict().items()
    }
    (folder / _WEIGHTS).write_bytes(save(state))


def load_net(folder: Path, net: nn.Module) -> nn.Module:
    """Read weights back into ``net`` (a net of the same shape) and return it in evaluation mode.

    Raises:
        ArtefactError: The file is absent, damaged, or of another net.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        state = load_file(folder / _WEIGHTS)
    except (OSError, SafetensorError) as error:
        raise ArtefactError(
            f"the net's weights cannot be read: {error}", where=str(folder), fix="train it again"
        ) from error
    saved = {name: tuple(tensor.shape) for name, tensor in state.items()}
    wanted = {name: tuple(tensor.shape) for name, tensor in net.state_dict().items()}
    for name in sorted(saved.keys() | wanted.keys()):
        if saved.get(name) != wanted.get(name):
            raise ArtefactError(
                "the saved weights are of another net",
                where=str(folder),
                why=f"'{name}' is {saved.get(name, 'absent')} in the file and "
                f"{wanted.get(name, 'absent')} in this net",
                fix="load it with the settings with which it was trained",
            )
    net.load_state_dict(state)
    return net.eval()
