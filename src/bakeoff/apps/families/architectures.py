"""The families side by side: which contender stands for each, and what is known of its build."""

from __future__ import annotations

from dataclasses import dataclass

DOCSTRINGS, DIGITS, PIXELS = "docstrings", "digits", "pixels"
"""Sets of `rows`: texts, pictures, and the same pictures as columns of grey."""
WORDS = 32
"""Words of the text on which the build is read off."""

TIME, PLACES, NOT = "time", "places", "not"
"""Where one set of weights is used again: at every time step, at every place, nowhere."""


@dataclass(frozen=True, slots=True)
class Family:
    """A family in the table.

    Args:
        name: Key of its words.
        title: As the table shows it.
        spec: The contender that stands for it.
        rows: On which set it competes.
        shared: `TIME`, `PLACES` or `NOT`.
        attention: Whether it weighs places against each other.
    """

    name: str
    title: str
    spec: str
    rows: str
    shared: str
    attention: bool = False


FAMILIES = (
    Family("ngram", "n-gram (TF-IDF)", "ngram-linear", DOCSTRINGS, PLACES),
    Family("word2vec", "Word2Vec", "word2vec-linear", DOCSTRINGS, PLACES),
    Family("rnn", "RNN", "rnn", DOCSTRINGS, TIME),
    Family("lstm", "LSTM", "lstm", DOCSTRINGS, TIME),
    Family("gru", "GRU", "gru", DOCSTRINGS, TIME),
    Family("text-cnn", "TextCNN", "text-cnn", DOCSTRINGS, PLACES),
    Family("transformer", "Transformer", "transformer", DOCSTRINGS, PLACES, attention=True),
    Family("minilm", "MiniLM", "encoder-frozen", DOCSTRINGS, PLACES, attention=True),
    Family("mlp", "MLP", "tabular-mlp", PIXELS, NOT),
    Family("cnn", "CNN", "cnn", DIGITS, PLACES),
    Family("resnet", "ResNet", "resnet", DIGITS, PLACES),
    # Smaller than its default, which takes a minute to learn less than the others in seconds.
    Family("vit", "ViT", "vit@size=64@depth=2", DIGITS, PLACES, attention=True),
)


@dataclass(frozen=True, slots=True)
class Build:
    """What a trained model is built of.

    Args:
        parameters: Weights that a prediction uses.
        learned: Those of them that were learned here.
        depth: Layers of weights on the longest way from input to output; for texts of `WORDS`
            words.
        seen: Words (of `WORDS`) or pixels along an edge that one inner feature, before pooling,
            depends on.
        path: Layers or time steps that a signal passes from the first word to where it meets the
            last (from one corner of a picture to the opposite one); None: they meet in the pooling
            or the sum alone.
        flops: Floating-point operations of a prediction on a row of usual length; None: unknown.
    """

    parameters: int
    learned: int
    depth: int
    seen: int
    path: int | None
    flops: float | None


@dataclass(frozen=True, slots=True)
class Result:
    """How a family did on its rows.

    Args:
        accuracy: Share of the test rows that it had right.
        low: Lower end of the 95 % interval (Wilson).
        high: Upper end.
        train_s: CPU-seconds of the fit.
        predict_s: CPU-seconds of predicting the test rows.
    """

    accuracy: float
    low: float
    high: float
    train_s: float
    predict_s: float


@dataclass(frozen=True, slots=True)
class Architecture:
    """A row of the table.

    Args:
        family: What stands there.
        build: None where it could not be run.
        result: None where it could not be run.
        reason: Why not; empty where it was.
    """

    family: Family
    build: Build | None
    result: Result | None
    reason: str = ""
