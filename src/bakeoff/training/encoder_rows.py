"""Texts as a pretrained encoder reads them, and its vectors of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bakeoff.training.rows import TokenRows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bakeoff.models.encoders import TextEncoder


def encoder_rows(encoder: TextEncoder, columns: Sequence[Sequence[str]]) -> TokenRows:
    """Return rows for the encoder's net.

    Args:
        encoder: Whose tokens they are.
        columns: One list of ``n`` texts, or more: the first is then one half of a pair, all others
            together, joined by line breaks, the other.
    """
    first, *others = columns
    second = ["\n".join(parts) for parts in zip(*others, strict=True)] if others else None
    tokens, kinds = encoder.sequences(first, second)
    return TokenRows(tokens, kinds, encoder.pad)
