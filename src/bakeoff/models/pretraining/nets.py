"""Models from transformers as nets that read packed rows and return their own loss."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import nn
from torch.nn import functional

from bakeoff.models.pretraining.attention import choose_attention
from bakeoff.models.pretraining.chunked_loss import chunked_loss
from bakeoff.models.pretraining.masking import DRAWS, mask_tokens

if TYPE_CHECKING:
    from collections.abc import Sequence


class CausalNet(nn.Module):
    """A causal model that predicts each next token.

    Args:
        model: ``AutoModelForCausalLM``.
    """

    autocast = True
    own_loss = True

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model
        choose_attention(model)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        """Return the sum over rows of the mean loss of a row: a scalar.

        Args:
            tokens: ``(n, length + 1)``, int64: all but the last are read, all but the first
                predicted.
        """
        read, labels = tokens[:, :-1], tokens[:, 1:]
        states = self.model.base_model(input_ids=read, use_cache=False).last_hidden_state
        head = self.model.get_output_embeddings()
        total = chunked_loss(states.flatten(0, 1), head.weight, head.bias, labels.flatten())
        return total / labels.shape[1]


class MaskedNet(nn.Module):
    """A masked model that predicts hidden tokens, and whether a segment follows on another.

    Head and loss are computed where a token was hidden, and nowhere else.

    Args:
        model: ``BertForMaskedLM``, or ``BertForPreTraining`` for pairs of segments.
        mask: Number of the mask token.
        special: Numbers of tokens that are never hidden.
    """

    autocast = True
    own_loss = True

    def __init__(self, model: Any, *, mask: int, special: Sequence[int]) -> None:
        super().__init__()
        self.model = model
        choose_attention(model)
        self.mask = mask
        self.special = tuple(special)

    def forward(
        self,
        tokens: torch.Tensor,
        draws: torch.Tensor | None = None,
        kinds: torch.Tensor | None = None,
        strangers: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """Return the sum over rows of the mean loss of a row: a scalar.

        Args:
            tokens: ``(n, length)``, int64.
            draws: ``(n, 3, length)``, float32, to mask by; None: drawn here, by torch's generator.
            kinds: ``(n, length)``, int64: 1 in the second segment; None: there is one segment.
            strangers: ``(n,)``, int64: 1 where the second segment does not follow on the first.
        """
        if draws is None:
            draws = torch.rand(len(tokens), DRAWS, tokens.shape[1], device=tokens.device)
        masked = mask_tokens(
            tokens,
            draws,
            mask=self.mask,
            vocabulary=self.model.config.vocab_size,
            special=self.special,
        )
        body = self.model.base_model(input_ids=masked.inputs, token_type_ids=kinds)
        states, head = body.last_hidden_state, self.model.cls.predictions
        index = masked.positions[:, :, None].expand(-1, -1, states.shape[2])
        chosen = head.transform(states.gather(1, index).flatten(0, 1))
        last = head.decoder
        total = chunked_loss(chosen, last.weight, last.bias, masked.labels.flatten())
        total = total / masked.labels.shape[1]
        if strangers is not None:
            follows = self.model.cls.seq_relationship(body.pooler_output).float()
            total = total + functional.cross_entropy(follows, strangers, reduction="sum")
        return total
