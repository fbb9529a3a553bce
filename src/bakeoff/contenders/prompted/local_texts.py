"""A local language model that is told nothing: it says how unlikely each text is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bakeoff.contenders.base import Facts, Fitted
from bakeoff.models.byte_text import N_BYTES, text_bytes
from bakeoff.models.state import save_state
from bakeoff.tasks.predictions import Predictions

if TYPE_CHECKING:
    from pathlib import Path

    from tokenizers import Tokenizer

    from bakeoff.contenders.base import Context
    from bakeoff.data.inputs import Inputs
    from bakeoff.models.causal import CausalModel
    from bakeoff.models.encoder_source import EncoderSource


@dataclass(frozen=True, slots=True)
class LocalTexts(Fitted):
    """A checkpoint as it is, and the column that it reads.

    Args:
        column: Of text.
        source: The checkpoint.
    """

    column: str
    source: EncoderSource

    def model(self) -> CausalModel:
        """Return the model, loaded once in a process."""
        from bakeoff.models.causal import load_causal

        return load_causal(self.source)

    def predict(self, inputs: Inputs, context: Context) -> Predictions:
        """Return the nats of each text: of all its tokens, and of the bytes that none stands for.

        The model's own tokens are one way of many to write a text: its nats are an upper bound.
        """
        from bakeoff.training.causal_scores import token_nats

        model, texts = self.model(), inputs.texts(self.column)
        nats = token_nats(model, texts, device=context.device, threads=context.threads)
        lost = [unwritten_bytes(model.plain, text) for text in texts]
        found = np.array([float(each.sum()) for each in nats], dtype=np.float64)
        found += np.log(N_BYTES) * np.array(lost, dtype=np.float64)
        return Predictions.of_nats(inputs.ids, np.where(np.isfinite(found), found, np.nan))

    def save(self, folder: Path) -> None:
        """Write the column; of the checkpoint its name and SHA-256 alone."""
        save_state(
            folder,
            {
                "columns": [self.column],
                "checkpoint": self.source.asked,
                "digest": self.source.digest(),
            },
            {},
        )

    def facts(self) -> Facts:
        """Return the model's size; nothing was trained here."""
        return Facts(
            parameters=self.model().parameters,
            trained_parameters=0,
            model_bytes=self.source.checkpoint.weight_bytes,
        )


def unwritten_bytes(tokenizer: Tokenizer, text: str) -> int:
    """Return how many bytes of a text no token stands for.

    Some tokenizers drop what they do not know, or give one token for all of it. A model that need
    not say which letters they were would seem better than it is; they are charged evenly.
    """
    from bakeoff.models.environment import one_thread

    with one_thread():
        found = tokenizer.encode(text, add_special_tokens=False)
    unknown = getattr(tokenizer.model, "unk_token", None)
    written = np.zeros(len(text), dtype=bool)
    for token, (begin, end) in zip(found.tokens, found.offsets, strict=True):
        if token != unknown:
            written[begin:end] = True
    unread = sum(len(text_bytes(text[at])) for at in np.flatnonzero(~written))
    # Where there is no token for the unknown, letters are dropped and the places behind them shift.
    kept = [
        number for number, token in zip(found.ids, found.tokens, strict=True) if token != unknown
    ]
    read_back = tokenizer.decode(kept, skip_special_tokens=False)
    return max(unread, len(text_bytes(text)) - len(text_bytes(read_back)))
