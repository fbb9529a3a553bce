"""A small trained GPT in a folder, made in seconds, for tests of what asks a language model."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

CHAT_TEMPLATE = (
    "{% for message in messages %}{{ message['role'] }}: {{ message['content'] }}\n{% endfor %}"
    "{% if add_generation_prompt %}assistant: {% endif %}"
)
"""Roles and contents, a line each: what a tiny model may have learned from as plain text."""
_LENGTH = 64
_ROWS_OF_A_STEP = 16


@dataclass(frozen=True, slots=True)
class _Place:
    """What the training loop asks of its surroundings."""

    seed: int
    scratch: Path
    device: str = "cpu"
    threads: int = 1
    log: Callable[[str], None] = field(default=lambda _line: None)
    note: Callable[[str], None] = field(default=lambda _line: None)


def tiny_causal(  # noqa: PLR0913 - what a model is made of; all but two have defaults
    folder: Path,
    texts: Sequence[str],
    *,
    steps: int = 120,
    vocabulary: int = 600,
    length: int = 512,
    width: int = 64,
    layers: int = 2,
    seed: int = 0,
) -> Path:
    """Write a GPT-2 trained on ``texts`` as ``save_pretrained`` does, and return its folder.

    Byte pairs, an end-of-text token that also begins and pads, and a simple chat template. It
    learns on one thread and the same seed gives the same weights. It learned from pieces of 64
    tokens, and reads up to ``length``: longer prompts are answered, not well.

    Args:
        folder: To write into; made if absent.
        texts: Documents to learn from; repeated where they are few.
        steps: Of training, about.
        vocabulary: Tokens at most; at least 257.
        length: Tokens that it can read.
        width: Numbers in a token's state.
        layers: Transformer blocks.
        seed: Of weights and order.

    Raises:
        ValueError: There is no text.
        MissingExtraError: torch or transformers is not installed.
    """
    from bakeoff.core.extras import require

    for package in ("torch", "transformers"):
        require(package, extra="torch", needed_by="a tiny language model")
    import numpy as np

    from bakeoff.models.encoders import quietly
    from bakeoff.models.environment import one_thread
    from bakeoff.models.pretraining.build import Shape, make_model
    from bakeoff.models.pretraining.packing import join
    from bakeoff.models.pretraining.saving import save_checkpoint
    from bakeoff.models.pretraining.tokenisers import train_tokeniser
    from bakeoff.models.tokenizing import plain_sequences
    from bakeoff.training.packed_rows import CausalRows
    from bakeoff.training.pretraining import Packed, pretrain, pretraining_net
    from bakeoff.training.recipe import Recipe
    from bakeoff.training.seeds import seeded

    if not any(texts):
        raise ValueError("there is no text to learn from")
    with one_thread(), quietly():
        tokenizer = train_tokeniser(texts, causal=True, vocabulary=vocabulary, longest=length)
        tokenizer.chat_template = CHAT_TEMPLATE
        content = tokenizer.backend_tokenizer.to_str()
        stream = join(plain_sequences(content, texts), tokenizer.eos_token_id)
        least = _ROWS_OF_A_STEP * _LENGTH + 1
        stream = np.tile(stream, -(-least // len(stream)))
        rows = CausalRows(stream, _LENGTH)
        with seeded(seed, "tiny causal"):
            shape = Shape(layers, width, max(1, width // 32))
            model = make_model("clm", shape, length=length, tokenizer=tokenizer)
        epochs = max(1, round(steps * _ROWS_OF_A_STEP / len(rows)))
        recipe = Recipe(
            epochs=epochs,
            learning_rate=5e-3,
            batch_rows=_ROWS_OF_A_STEP,
            batch_tokens=_ROWS_OF_A_STEP * _LENGTH,
            precision="fp32",
        )
        with tempfile.TemporaryDirectory() as scratch:
            net = pretraining_net("clm", model, tokenizer)
            pretrain(net, Packed(rows), recipe, _Place(seed, Path(scratch)))
        save_checkpoint(folder, model, tokenizer)
    return folder
