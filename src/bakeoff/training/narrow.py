"""A token table cut down to the tokens of some rows while an encoder learns from them.

A token that stands in no row gets no gradient, and embeddings are spared from weight decay: its
vector stays as it is. Left out, it costs neither gradient nor optimiser state nor checkpoint (of
MiniLM up to half of all weights, of a multilingual encoder two thirds), and the result is the same.
"""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import nn

from bakeoff.training.rows import TokenRows
from bakeoff.training.trained import LabelledRows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST = 0.9
"""With a larger share of all tokens in the rows, nothing is gained."""


@contextlib.contextmanager
def narrowed(model: Any, parts: Sequence[LabelledRows]) -> Iterator[list[LabelledRows]]:
    """Cut the model's token table down for the block, and write it back whole after it.

    Args:
        model: From transformers.
        parts: All that the model reads within the block; if not `TokenRows`, nothing is done.

    Yields:
        The same rows in the small table's numbers.
    """
    rows = [part.rows for part in parts if isinstance(part.rows, TokenRows)]
    table = model.get_input_embeddings() if rows else None
    if not isinstance(table, nn.Embedding) or not table.weight.requires_grad:
        yield list(parts)
        return
    # RoBERTa's positions begin after the padding's number, which therefore stays what it is.
    first = np.arange(rows[0].pad + 1, dtype=np.int32)
    kept = np.unique(np.concatenate([first, *(s for part in rows for s in part.sequences)]))
    if len(kept) > MOST * table.num_embeddings:
        yield list(parts)
        return
    index = torch.from_numpy(kept.astype(np.int64))
    small = nn.Embedding(len(kept), table.embedding_dim, table.padding_idx)
    small.weight = nn.Parameter(table.weight.detach()[index])
    model.set_input_embeddings(small)
    try:
        yield [
            LabelledRows(replace(part, sequences=_renumbered(part, kept)), whole.targets)
            for part, whole in zip(rows, parts, strict=True)
        ]
    finally:
        with torch.no_grad():
            table.weight[index] = small.weight.to(table.weight)
        model.set_input_embeddings(table)


def _renumbered(
    rows: TokenRows, kept: np.ndarray[tuple[int], np.dtype[np.int32]]
) -> list[np.ndarray[tuple[int], np.dtype[np.int32]]]:
    return [np.searchsorted(kept, each).astype(np.int32) for each in rows.sequences]
