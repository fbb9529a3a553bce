"""A pretrained tokenizer without its encoder: texts as token numbers, on one thread, no torch."""

from __future__ import annotations

import contextlib
import os
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from bakeoff.core.errors import ArtefactError
from bakeoff.core.extras import require

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray
    from tokenizers import Tokenizer

_PARALLEL = "TOKENIZERS_PARALLELISM"


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


@contextlib.contextmanager
def one_thread() -> Iterator[None]:
    """Keep tokenizers from starting threads: the caller's number of threads is a promise."""
    before = os.environ.get(_PARALLEL)
    os.environ[_PARALLEL] = "false"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_PARALLEL]
        else:
            os.environ[_PARALLEL] = before
