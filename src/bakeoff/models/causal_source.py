"""Which local language model is meant: a causal checkpoint, found and checked, not yet loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bakeoff.core.errors import ArtefactError
from bakeoff.models.encoder_source import find_encoder

if TYPE_CHECKING:
    from bakeoff.models.encoder_source import EncoderSource


def find_causal(asked: str) -> EncoderSource:
    """Return the causal checkpoint that is meant; no torch is imported.

    Args:
        asked: A folder, or a name on the Hugging Face hub.

    Raises:
        UsageError: A folder that does not exist.
        ArtefactError: It is no checkpoint, a pickled one, or one that cannot go on with a text.
    """
    source = find_encoder(asked)
    checkpoint = source.checkpoint
    if not checkpoint.causal:
        kind = "pictures" if checkpoint.modality == "image" else "texts"
        raise ArtefactError(
            f"{source.title} is an encoder of {kind} (of type '{checkpoint.model_type}'), not a "
            "causal language model",
            where=str(source.folder),
            why="it gives vectors, and no probability of what comes next",
            fix=f"use hf:{asked}, or hf@use=zeroshot:{asked} without labels",
        )
    return source
