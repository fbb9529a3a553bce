"""BERT-like and GPT-like models by size, from transformers' own configurations."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from bakeoff.core.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

OBJECTIVES = {
    "mlm": "masked language modelling (BERT-like)",
    "mlm+nsp": "masked language modelling and next-segment prediction (BERT-like)",
    "clm": "causal language modelling (GPT-like)",
}


@dataclass(frozen=True, slots=True)
class Shape:
    """How large a model is.

    Args:
        layers: Transformer blocks.
        width: Numbers in a token's state.
        heads: Of attention; they divide the width.
    """

    layers: int
    width: int
    heads: int


SIZES: Mapping[str, Shape] = {
    "tiny": Shape(2, 128, 2),
    "small": Shape(4, 256, 4),
    "base": Shape(12, 768, 12),
}


def shape_of(
    size: str, layers: int | None = None, width: int | None = None, heads: int | None = None
) -> Shape:
    """Return a size by name, with what is given in place of its own numbers.

    Raises:
        UsageError: No such size, a number below 1, or heads that do not divide the width.
    """
    if size not in SIZES:
        raise UsageError(f"no size '{size}'", fix=did_you_mean(size, SIZES))
    given = {"layers": layers, "width": width, "heads": heads}
    shape = replace(SIZES[size], **{name: n for name, n in given.items() if n is not None})
    for name in given:
        if getattr(shape, name) < 1:
            raise UsageError(f"--{name} is {getattr(shape, name)}", why="it must be at least 1")
    if shape.width % shape.heads:
        raise UsageError(
            f"{shape.heads} heads do not divide a width of {shape.width}",
            why="each head has its share of a token's state",
            fix=f"--heads 1, or a --width that {shape.heads} divides",
        )
    return shape


def make_model(
    objective: str, shape: Shape, *, length: int, tokenizer: Any, dropout: float = 0.0
) -> Any:
    """Return a model with random weights, drawn from torch's generator.

    Args:
        objective: Of `OBJECTIVES`.
        shape: Of the model.
        length: Tokens that it can read.
        tokenizer: Of transformers; its vocabulary decides the embeddings.
        dropout: Share of the states that is left out while learning.
    """
    if objective == "clm":
        return _gpt(shape, length, tokenizer, dropout)
    return _bert(shape, length, tokenizer, dropout, pairs=objective == "mlm+nsp")


def _bert(shape: Shape, length: int, tokenizer: Any, dropout: float, *, pairs: bool) -> Any:
    from transformers import BertConfig, BertForMaskedLM, BertForPreTraining

    config = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=shape.width,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=4 * shape.width,
        max_position_embeddings=length,
        hidden_dropout_prob=dropout,
        attention_probs_dropout_prob=dropout,
        pad_token_id=tokenizer.pad_token_id,
    )
    return BertForPreTraining(config) if pairs else BertForMaskedLM(config)


def _gpt(shape: Shape, length: int, tokenizer: Any, dropout: float) -> Any:
    from transformers import GPT2Config, GPT2LMHeadModel

    config = GPT2Config(
        vocab_size=len(tokenizer),
        n_positions=length,
        n_embd=shape.width,
        n_layer=shape.layers,
        n_head=shape.heads,
        activation_function="gelu_pytorch_tanh",  # GPT-2's own function, as one operation
        resid_pdrop=dropout,
        embd_pdrop=dropout,
        attn_pdrop=dropout,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    return GPT2LMHeadModel(config)
