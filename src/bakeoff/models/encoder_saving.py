"""An encoder written as a folder of its own, which any tool that reads checkpoints can read."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from bakeoff.models.encoder_files import WANTED

if TYPE_CHECKING:
    from pathlib import Path

    from torch import nn

_WEIGHTS = "model.safetensors"


def save_encoder(folder: Path, model: nn.Module, source: Path) -> None:
    """Write a model's weights, and beside them config and tokenizer from its source.

    Args:
        folder: To write into; made if absent.
        model: From transformers, of the architecture that the source's config names.
        source: Folder that it was once loaded from.

    Raises:
        OSError: The disk is full or cannot be written.
    """
    from safetensors.torch import save

    folder.mkdir(parents=True, exist_ok=True)
    for name in WANTED[1:]:  # without its weights
        if (source / name).is_file() and not name.endswith(".index.json"):
            (folder / name).parent.mkdir(exist_ok=True)
            shutil.copyfile(source / name, folder / name)
    # Clones: tied weights share memory. Not save_file: it hides a full disk in its own error.
    state = {
        name: tensor.detach().cpu().contiguous().clone()
        for name, tensor in model.state_dict().items()
    }
    (folder / _WEIGHTS).write_bytes(save(state, metadata={"format": "pt"}))
