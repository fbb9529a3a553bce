"""Word2Vec trained on the texts at hand, and texts as weighted means of their words' vectors."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bakeoff.core.extras import require
from bakeoff.models.text_tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_SMOOTHING = 1e-2
_WORDS_TO_READ = 4_000_000
_FEWEST_EPOCHS, _MOST_EPOCHS = 3, 20


def _hash(text: str) -> int:
    # Python's own hash of strings differs from process to process, and gensim seeds with it.
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


@dataclass(frozen=True, slots=True)
class WordVectors:
    """Learned vectors.

    Args:
        words: ``v`` known words, the most frequent first.
        vectors: ``(v, size)``, float32.
        weights: ``(v,)``, float32: how much a word counts in a text's mean.
    """

    words: tuple[str, ...]
    vectors: NDArray[np.float32]
    weights: NDArray[np.float32]

    @classmethod
    def fit(
        cls, texts: Sequence[str], *, size: int, window: int, epochs: int | None, seed: int
    ) -> WordVectors:
        """Train skip-grams with negative sampling.

        Mikolov et al. 2013, 'Distributed Representations of Words and Phrases and their
        Compositionality'; weights ``a / (a + frequency)`` of Arora et al. 2017, 'A Simple but
        Tough-to-Beat Baseline for Sentence Embeddings'.

        Args:
            texts: To learn from.
            size: Length of a vector.
            window: Words on either side that are predicted.
            epochs: Passes over the texts; None: as many as read four million words, 3 to 20.
            seed: Same seed, same vectors.

        Raises:
            MissingExtraError: gensim is not installed.
        """
        word2vec = require("gensim.models", extra="text", needed_by="word2vec-linear").Word2Vec
        sentences = [tokens(text) for text in texts]
        counts: dict[str, int] = {}
        for sentence in sentences:
            for word in sentence:
                counts[word] = counts.get(word, 0) + 1
        total = sum(counts.values())
        if epochs is None:
            passes = _WORDS_TO_READ // max(total, 1)
            epochs = int(np.clip(passes, _FEWEST_EPOCHS, _MOST_EPOCHS))
        least = 2 if sum(count > 1 for count in counts.values()) > 1 else 1
        if len(counts) < 2:
            return cls((), np.zeros((0, size), np.float32), np.zeros(0, np.float32))
        model = word2vec(
            sentences,
            vector_size=size,
            window=window,
            epochs=epochs,
            min_count=least,
            sg=1,
            # One worker and a fixed hash: with more, the order of updates is left to chance.
            workers=1,
            seed=seed,
            hashfxn=_hash,
        )
        words = tuple(str(word) for word in model.wv.index_to_key)
        frequency = np.asarray([counts[word] for word in words]) / total
        weights = _SMOOTHING / (_SMOOTHING + frequency)
        return cls(words, np.asarray(model.wv.vectors, np.float32), weights.astype(np.float32))

    def means(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return ``(n_texts, size)``, float32: rows of length 1, 0 where no word is known."""
        index = {word: position for position, word in enumerate(self.words)}
        found = np.zeros((len(texts), self.vectors.shape[1]), dtype=np.float32)
        for row, text in enumerate(texts):
            at = [index[word] for word in tokens(text) if word in index]
            if at:
                found[row] = self.weights[at] @ self.vectors[at]
        lengths = np.linalg.norm(found, axis=1, keepdims=True)
        return np.asarray(found / np.where(lengths > 0, lengths, 1), dtype=np.float32)
