"""Metrics of language models: bits per byte, and perplexity per word.

Both are ratios of sums over texts, so that a long text weighs as much as its length, and neither
depends on how a model cuts text into tokens.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from bakeoff.metrics.base import Metric, Pairs, answered, weighted_sums

if TYPE_CHECKING:
    from numpy.typing import NDArray

_KIND = frozenset({"language-modelling"})


class BitsPerByte(Metric):
    """Bits that a model needs for a byte of UTF-8 text: 8 is no knowledge at all."""

    name = "bits_per_byte"
    title = "bits per byte"
    kinds = _KIND
    higher_is_better = False
    value_range = (0.0, float("inf"))

    def statistics(self, pairs: Pairs) -> NDArray[np.float64]:
        """Return ``(n, 2)``: bits and bytes of each text."""
        sizes = [len(text.encode("utf-8", "surrogatepass")) for text in pairs.truth]
        bits = np.asarray(pairs.predicted, dtype=np.float64) / math.log(2)
        return np.column_stack([bits, np.asarray(sizes, dtype=np.float64)])

    def total(
        self, statistics: NDArray[np.float64], weights: NDArray[np.float64] | None = None
    ) -> NDArray[np.float64]:
        """Return all bits by all bytes."""
        return _ratio(statistics, weights)


class WordPerplexity(Metric):
    """The exponential of the nats for each word.

    Words are what white space sets apart, and each line end counts as one more (as in WikiText's
    published numbers), so that the count does not depend on where a text is cut into blocks.
    """

    name = "word_perplexity"
    title = "perplexity per word"
    kinds = _KIND
    higher_is_better = False
    value_range = (1.0, float("inf"))

    def statistics(self, pairs: Pairs) -> NDArray[np.float64]:
        """Return ``(n, 2)``: nats and words of each text."""
        words = [len(text.split()) + text.count("\n") for text in pairs.truth]
        nats = np.asarray(pairs.predicted, dtype=np.float64)
        return np.column_stack([nats, np.asarray(words, dtype=np.float64)])

    def total(
        self, statistics: NDArray[np.float64], weights: NDArray[np.float64] | None = None
    ) -> NDArray[np.float64]:
        """Return the exponential of all nats by all words."""
        with np.errstate(over="ignore"):
            return np.asarray(np.exp(_ratio(statistics, weights)), dtype=np.float64)


def _ratio(
    statistics: NDArray[np.float64], weights: NDArray[np.float64] | None
) -> NDArray[np.float64]:
    known, weights = answered(statistics, weights)
    sums = weighted_sums(known, weights)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(sums[:, 0] / sums[:, 1], dtype=np.float64)
