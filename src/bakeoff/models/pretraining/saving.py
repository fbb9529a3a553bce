"""A model and its tokeniser written as an ordinary checkpoint, which any tool can read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bakeoff.core.files import storage_errors, write_atomic

if TYPE_CHECKING:
    from pathlib import Path

WEIGHTS = "model.safetensors"


def save_checkpoint(folder: Path, model: Any, tokenizer: Any) -> None:
    """Write config, tokenizer and, last, the weights: where they are, the rest is too.

    Args:
        folder: To write into; made if absent.
        model: Of transformers.
        tokenizer: Of transformers.

    Raises:
        StorageError: The disk is full or cannot be written.
    """
    from safetensors.torch import save

    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        model.config.architectures = [type(model).__name__]
        model.config.save_pretrained(folder)
        if model.can_generate():
            model.generation_config.save_pretrained(folder)
        tokenizer.save_pretrained(folder)
    # Not save_pretrained of the model: it writes for the owner alone, and part by part. A tensor
    # that is tied to another is left out, as there: it is tied again when the model is loaded.
    seen: set[int] = set()
    state = {}
    for name, tensor in model.state_dict().items():
        if tensor.data_ptr() not in seen:
            seen.add(tensor.data_ptr())
            state[name] = tensor.detach().cpu().contiguous()
    write_atomic(folder / WEIGHTS, save(state, metadata={"format": "pt"}))
