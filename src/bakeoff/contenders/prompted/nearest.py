"""Examples of its own for each row: the training rows nearest to it, by an encoder or by words."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bakeoff.core.hashing import hash_bytes
from bakeoff.core.row_cache import CACHED_CPU_S
from bakeoff.data.columns import ColumnType
from bakeoff.models.encoder_features import unit_vectors
from bakeoff.models.encoder_source import find_encoder, find_saved, meant, why_not
from bakeoff.models.prompting.encoding import rows_of
from bakeoff.models.prompting.shots import cosines, nearest_shots

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bakeoff.contenders.base import Context
    from bakeoff.data.inputs import Inputs

COMPARED = frozenset({ColumnType.TEXT, ColumnType.CATEGORY})
"""Types of columns of which a row needs one to be near another."""

_LONGEST = 256
"""Tokens of a text that the encoder reads: as ``encoder-frozen``, whose vectors are these."""
_MOSTLY = 0.5


@dataclass(frozen=True, slots=True)
class Nearness:
    """By what rows are near.

    Args:
        encoder: A text encoder as it was named (empty: the default); None: by words.
        digest: Its SHA-256.
        title: Its short name.
    """

    encoder: str | None = None
    digest: str = ""
    title: str = ""


BY_WORDS = Nearness()


def find_nearness(pool: Inputs) -> Nearness:
    """Return the text encoder that is at hand, if these rows are texts that it can read, or words.

    The default encoder is English: where most letters are of another script, words do better.

    Raises:
        UsageError: The encoder that the environment names cannot be used.
    """
    columns = pool.named(ColumnType.TEXT)
    asked = meant("")
    if not columns or why_not(asked) is not None or not _have_torch():
        return BY_WORDS
    source = find_encoder(asked)
    letters = "".join(filter(str.isalpha, "".join(t for c in columns for t in pool.texts(c))))
    foreign = sum(not letter.isascii() for letter in letters) > _MOSTLY * len(letters)
    if source.modality != "text" or (not asked and foreign):
        return BY_WORDS
    return Nearness(source.asked, source.digest(), source.title)


def nearest_rows(
    nearness: Nearness, pool: Inputs, asked: Inputs, n_shots: int, context: Context | None
) -> list[NDArray[np.int64]]:
    """Return positions in ``pool`` for each asked row, the nearest last; never the row itself.

    Rows whose texts are equal but for case and blank space are one row.

    Args:
        nearness: By what.
        pool: The training rows that may be shown.
        asked: The rows that are asked, with the same columns.
        n_shots: How many, at most.
        context: Lends the store of vectors; by words it may be None.

    Raises:
        ArtefactError: The encoder is not here.
    """
    mine, theirs = _contents(asked), np.array(_contents(pool), dtype=object)
    barred = np.zeros((len(mine), len(theirs)), dtype=np.bool_)
    for row, own in enumerate(mine):
        barred[row] = theirs == own
    if nearness.encoder is None or context is None:
        near = _by_words(pool, asked)
    else:
        near = cosines(*(_vectors(nearness, rows, context) for rows in (asked, pool)))
    return nearest_shots(near, n_shots, barred)


def _contents(inputs: Inputs) -> list[str]:
    """Return each row as one text without differences of case and blank space."""
    return ["\x1f".join(_normal(cell.value) for cell in row) for row in rows_of(inputs)]


def _normal(value: object) -> str:
    if isinstance(value, bytes):
        return hash_bytes(value)
    return " ".join(value.casefold().split()) if isinstance(value, str) else repr(value)


def _by_words(pool: Inputs, asked: Inputs) -> NDArray[np.float32]:
    """Return cosines of TF-IDF of words: ``(m, n)``, float32."""
    from bakeoff.models.tfidf import WORDS, TfidfVectoriser

    names = pool.named(*COMPARED)
    texts, questions = (
        [" ".join(row) for row in zip(*(rows.texts(name) for name in names), strict=True)]
        for rows in (pool, asked)
    )
    vectoriser, known = TfidfVectoriser.fit(texts, WORDS)
    return np.asarray((vectoriser.transform(questions) @ known.T).toarray(), dtype=np.float32)


def _vectors(nearness: Nearness, inputs: Inputs, context: Context) -> NDArray[np.float32]:
    """Return the vectors of all text columns, side by side: ``(n, d)``, float32."""
    from bakeoff.models.encoders import load_text_encoder
    from bakeoff.training.frozen import encode_once, frozen_precision

    source = find_saved(nearness.encoder or "", nearness.digest)
    encoder = load_text_encoder(source, longest=_LONGEST, pooling="auto")
    parts = []
    for name in inputs.named(ColumnType.TEXT):
        found = encode_once(
            encoder,
            inputs.texts(name),
            inputs.keys([name]),
            digest=nearness.digest,
            longest=_LONGEST,
            precision=frozen_precision(context.device),
            device=context.device,
            threads=context.threads,
            store=context.features,
        )
        context.meter.add(CACHED_CPU_S, found.cached_cpu_s)
        parts.append(unit_vectors(found.values))
    return np.concatenate(parts, axis=1)


def _have_torch() -> bool:
    return all(importlib.util.find_spec(name) is not None for name in ("torch", "transformers"))
