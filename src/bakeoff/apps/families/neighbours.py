"""Nearest neighbours of words: one place a word in Word2Vec, one place an occurrence in MiniLM.

Word2Vec gives a word the same vector in every sentence; an encoder gives each occurrence its own,
made of the sentence around it. So a word with two senses has one list of neighbours there and two
lists here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from bakeoff.core.seeds import generator
from bakeoff.models.encoder_source import find_encoder
from bakeoff.models.encoders import load_text_encoder
from bakeoff.models.word_vectors import WordVectors
from bakeoff.training.batches import equal_length_batches
from bakeoff.training.encoder_rows import encoder_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bakeoff.models.encoders import TextEncoder

WORDS = ("thread", "port", "key", "class")
SENSES = {
    "thread": (
        "Start a new thread and wait until it has ended.",
        "Reply to the mail in the same thread.",
    ),
    "port": ("Connect to the server on this port.", "A port of the program to Windows."),
    "key": (
        "Look up the value under this key of the mapping.",
        "Encrypt the message with a secret key.",
    ),
    "class": (
        "Return the base class of the object.",
        "The class of the character, a letter or a digit.",
    ),
}
"""Two sentences for each word, in which it means different things."""

LONGEST_SENTENCE = 120


@dataclass(frozen=True, slots=True)
class Near:
    """The neighbours of one word or occurrence.

    Args:
        word: The word.
        sentence: In which it stands; empty for Word2Vec, to which it does not matter.
        found: Neighbours, nearest first, each with its cosine: words, or occurrences as the
            sentence around them with the word in brackets.
    """

    word: str
    sentence: str
    found: tuple[tuple[str, float], ...]


def word2vec_neighbours(
    texts: Sequence[str], words: Sequence[str] = WORDS, *, most: int = 5, seed: int = 0
) -> tuple[Near, ...]:
    """Return the neighbours of words in vectors trained on the texts; unknown words are left out.

    Raises:
        MissingExtraError: gensim is not installed.
    """
    learned = WordVectors.fit(texts, size=100, window=5, epochs=None, seed=seed)
    index = {word: place for place, word in enumerate(learned.words)}
    unit = _unit(learned.vectors)
    found = []
    for word in words:
        if word in index:
            cosines = unit @ unit[index[word]]
            order = [i for i in np.argsort(-cosines, kind="stable") if i != index[word]][:most]
            near = tuple((learned.words[i], float(cosines[i])) for i in order)
            found.append(Near(word, "", near))
    return tuple(found)


def occurrence_neighbours(
    texts: Sequence[str],
    words: Sequence[str] = WORDS,
    *,
    most: int = 3,
    pool: int = 150,
    asked: str = "",
) -> tuple[Near, ...]:
    """Return the neighbours of a word in each of its two sentences among its other occurrences.

    Args:
        texts: Where occurrences are looked for, up to ``pool`` sentences a word.
        words: Of `SENSES`.
        most: Neighbours for each.
        pool: Sentences a word, drawn with a fixed seed.
        asked: The encoder's name or folder; empty: the default one.

    Raises:
        UserError: The encoder is not there, or cannot be used.
    """
    encoder = load_text_encoder(find_encoder(asked))
    sentences = short_sentences(texts)
    found: list[Near] = []
    for word in words:
        others = _drawn([s for s in sentences if _place(s, word) is not None], pool, word)
        asked_for = list(SENSES[word])
        vectors = occurrence_vectors(encoder, [*asked_for, *others], word)
        unit = _unit(vectors)
        for place, sentence in enumerate(asked_for):
            cosines = unit[len(asked_for) :] @ unit[place]
            order = np.argsort(-cosines, kind="stable")[:most]
            near = tuple((marked(others[i], word), float(cosines[i])) for i in order)
            found.append(Near(word, sentence, near))
    return tuple(found)


def sense_cosines(words: Sequence[str] = WORDS, *, asked: str = "") -> dict[str, float]:
    """Return the cosine of each word's two occurrences in `SENSES`; in Word2Vec it is 1."""
    encoder = load_text_encoder(find_encoder(asked))
    found = {}
    for word in words:
        first, second = _unit(occurrence_vectors(encoder, list(SENSES[word]), word))
        found[word] = float(first @ second)
    return found


def short_sentences(texts: Sequence[str]) -> list[str]:
    """Return all different sentences of the texts that are not too long, in their order."""
    parts = (part.strip() for text in texts for part in re.split(r"(?<=[.!?])\s+|\n\s*\n", text))
    plain = (" ".join(part.split()) for part in parts)
    return list(dict.fromkeys(part for part in plain if 20 <= len(part) <= LONGEST_SENTENCE))


def occurrence_vectors(
    encoder: TextEncoder, sentences: Sequence[str], word: str
) -> NDArray[np.float32]:
    """Return the last state of the word's first token in each sentence: ``(n, width)``, float32."""
    rows = encoder_rows(encoder, [list(sentences)])
    places = [_token_of(encoder, sentence, word) for sentence in sentences]
    found = np.zeros((len(sentences), encoder.width), dtype=np.float32)
    with torch.inference_mode():
        for positions in equal_length_batches(rows.lengths()):
            states = encoder.net.states(**rows.batch(positions))
            at = torch.tensor([places[i] for i in positions])
            found[positions] = states[torch.arange(len(positions)), at].float().numpy()
    return found


def marked(sentence: str, word: str) -> str:
    """Return the sentence with the word's first occurrence in brackets."""
    return re.sub(rf"(?i)\b({re.escape(word)})\b", r"[\1]", sentence, count=1)


def _token_of(encoder: TextEncoder, sentence: str, word: str) -> int:
    start = _place(sentence, word)
    if start is None:
        raise ValueError(f"'{word}' does not stand in {sentence!r}")
    token = encoder.tokenizer.encode(sentence).char_to_token(start)
    return 0 if token is None else int(token)


def _place(sentence: str, word: str) -> int | None:
    found = re.search(rf"(?i)\b{re.escape(word)}\b", sentence)
    return None if found is None else found.start()


def _drawn(sentences: list[str], most: int, word: str) -> list[str]:
    order = generator(0, "families", "sentences", word).permutation(len(sentences))[:most]
    return [sentences[i] for i in sorted(order)]


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1), dtype=np.float32)
