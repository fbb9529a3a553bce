"""A pretrained tokenizer without its encoder: texts as token numbers, on one thread, no torch."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from bakeoff.core.errors import ArtefactError
from bakeoff.core.extras import require
from bakeoff.models.environment import one_thread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from tokenizers import Tokenizer


def plain_sequences(content: str, texts: Sequence[str]) -> list[NDArray[np.int32]]:
    """Return the token numbers of whole texts, without special tokens: ``n`` arrays, int32.

    Args:
        content: Of a ``tokenizer.json``.
        texts: ``n`` texts; an empty one has no tokens.

    Raises:
        ArtefactError: ``content`` is no tokenizer.
        MissingExtraError: tokenizers is not installed.
    """
    with one_thread():
        found = _tokenizer(content).encode_batch_fast(list(texts), add_special_tokens=False)
    return [np.array(row.ids, dtype=np.int32) for row in found]


@lru_cache(maxsize=2)
def _tokenizer(content: str) -> Tokenizer:
    tokenizers = require("tokenizers", extra="torch", needed_by="a pretrained tokenizer")
    try:
        tokenizer: Tokenizer = tokenizers.Tokenizer.from_str(content)
    except Exception as error:
        raise ArtefactError(f"the tokenizer cannot be read: {error}") from error
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer
