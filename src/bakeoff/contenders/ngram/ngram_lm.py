"""A language model for each class; the class under which a text is likeliest wins."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from scipy.special import softmax

from bakeoff.contenders.base import Card, Contender, Fitted
from bakeoff.data.columns import ColumnType
from bakeoff.models.kneser_ney import KneserNey
from bakeoff.models.linear_head import held_out_loss
from bakeoff.models.outputs import to_predictions
from bakeoff.models.state import load_state, save_state
from bakeoff.models.symbols import SymbolVocabulary
from bakeoff.tasks.examples import Examples

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from bakeoff.contenders.base import Context
    from bakeoff.data.inputs import Inputs
    from bakeoff.tasks.predictions import Predictions
    from bakeoff.tasks.spec import TaskSpec

_UNITS = ("character", "word")
_TEMPERS = ((0.0, 0.03, 0.1, 0.3), (0.0, 0.1, 0.3, 1.0))
_DEFAULT_TEMPERS = (0.1, 0.3)
_FEWEST_HELD_OUT = 50


@dataclass(frozen=True)
class NgramLm(Contender):
    """Kneser-Ney models of characters and of words, joined by Bayes' rule.

    A text's symbols are far from independent evidence, so that plain Bayes is much too sure:
    the log likelihoods of either model are scaled down by factors chosen on the validation rows.

    Args:
        character_order: Longest run of characters.
        word_order: Longest run of words.
    """

    card: ClassVar[Card] = Card(
        name="ngram-lm",
        title="n-gram language models",
        seconds_per_1000=0.3,
        family="ngram",
        summary="a Kneser-Ney language model of characters and words for each class",
        kinds=frozenset({"classification"}),
        reads=frozenset({ColumnType.TEXT}),
        needs=frozenset({ColumnType.TEXT}),
        abilities=frozenset({"probabilities", "confidence"}),
        rank=2,
        source="Chen and Goodman 1998, 'An Empirical Study of Smoothing Techniques'",
    )

    character_order: int = 4
    word_order: int = 2

    def fit(self, train: Examples, valid: Examples | None, context: Context) -> NgramLmFitted:
        """Choose the tempers on ``valid``, then count the n-grams of both parts."""
        del context
        tempers = _DEFAULT_TEMPERS
        if valid is not None and len(valid) >= _FEWEST_HELD_OUT:
            tempers = _choose_tempers(self._count(train, tempers), valid)
        return self._count(Examples.concatenate(train, valid), tempers)

    def load(self, folder: Path, task: TaskSpec) -> NgramLmFitted:
        """Read back what `NgramLmFitted.save` wrote."""
        del task
        state = load_state(folder)
        models = tuple(
            UnitModel(
                SymbolVocabulary(unit, np.asarray(state.arrays[f"{unit}.known"], dtype=np.uint64)),
                KneserNey.of_arrays(state.arrays, unit),
            )
            for unit in _UNITS
        )
        return NgramLmFitted(
            state.texts("columns"),
            models,
            np.asarray(state.arrays["shares"], dtype=np.float64),
            (state.number("character"), state.number("word")),
        )

    def _count(self, rows: Examples, tempers: tuple[float, float]) -> NgramLmFitted:
        columns = rows.inputs.named(ColumnType.TEXT)
        n_classes = len(rows.task.classes)
        texts = _joined(rows.inputs, columns)
        models = []
        for unit, order in zip(_UNITS, (self.character_order, self.word_order), strict=True):
            vocabulary = SymbolVocabulary.fit(texts, unit)
            model = KneserNey.fit(
                vocabulary.sequences(texts),
                rows.targets,
                order=order,
                n_symbols=vocabulary.n_symbols,
                n_classes=n_classes,
            )
            models.append(UnitModel(vocabulary, model))
        shares = np.bincount(rows.targets, minlength=n_classes) / len(rows)
        return NgramLmFitted(columns, tuple(models), shares, tempers)


@dataclass(frozen=True, slots=True)
class UnitModel:
    """The models of all classes over one kind of symbol."""

    vocabulary: SymbolVocabulary
    model: KneserNey

    def log_likelihoods(self, texts: list[str]) -> NDArray[np.float64]:
        """Return ``(n, n_classes)``, float64, in nats."""
        return self.model.log_likelihoods(self.vocabulary.sequences(texts))


@dataclass(frozen=True, slots=True)
class NgramLmFitted(Fitted):
    """Models of characters and words, shares of the classes, and tempers of the two models."""

    columns: tuple[str, ...]
    models: tuple[UnitModel, ...]
    shares: NDArray[np.float64]
    tempers: tuple[float, float]

    def evidence(self, inputs: Inputs) -> list[NDArray[np.float64]]:
        """Return the log likelihoods by each model: ``(n, n_classes)``, float64, in nats."""
        texts = _joined(inputs, self.columns)
        return [model.log_likelihoods(texts) for model in self.models]

    def predict(self, inputs: Inputs, context: Context) -> Predictions:
        """Return the probabilities of the classes by Bayes' rule."""
        del context
        found = _posterior(self.evidence(inputs), self.shares, self.tempers)
        return to_predictions(inputs.ids, found)

    def save(self, folder: Path) -> None:
        """Write tables and vocabularies (as hashes), shares and tempers."""
        arrays: dict[str, NDArray[np.generic]] = {"shares": self.shares}
        for unit, model in zip(_UNITS, self.models, strict=True):
            arrays |= model.model.arrays(unit) | {f"{unit}.known": model.vocabulary.known}
        tempers = dict(zip(_UNITS, self.tempers, strict=True))
        save_state(folder, {"columns": list(self.columns), **tempers}, arrays)


def _joined(inputs: Inputs, columns: tuple[str, ...]) -> list[str]:
    texts = [inputs.texts(name) for name in columns]
    return ["\n".join(parts) for parts in zip(*texts, strict=True)]


def _posterior(
    evidence: list[NDArray[np.float64]],
    shares: NDArray[np.float64],
    tempers: tuple[float, float],
) -> NDArray[np.float64]:
    """Return ``(n, n_classes)``, float64; a class without a share gets 0."""
    with np.errstate(divide="ignore"):
        logits = np.log(shares) + sum(t * e for t, e in zip(tempers, evidence, strict=True))
    return np.asarray(softmax(logits, axis=1), dtype=np.float64)


def _choose_tempers(fitted: NgramLmFitted, valid: Examples) -> tuple[float, float]:
    """Return the tempers with the least log loss on held-out rows."""
    evidence = fitted.evidence(valid.inputs)
    options = [pair for pair in product(*_TEMPERS) if any(pair)]
    losses = [
        held_out_loss(_posterior(evidence, fitted.shares, pair), valid.targets) for pair in options
    ]
    return options[int(np.argmin(losses))]
