"""A language model that counts words, and spells those that it does not know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from bakeoff.contenders.base import Card, Contender, Facts, Fitted
from bakeoff.contenders.running_text import text_to_learn
from bakeoff.core.errors import UsageError
from bakeoff.core.seeds import generator
from bakeoff.data.columns import ColumnType
from bakeoff.models.kneser_ney import KneserNey
from bakeoff.models.state import load_state, save_state
from bakeoff.models.word_spelling import SpellingModel
from bakeoff.tasks.examples import Examples
from bakeoff.tasks.predictions import Predictions

if TYPE_CHECKING:
    from pathlib import Path

    from bakeoff.contenders.base import Context
    from bakeoff.data.inputs import Inputs
    from bakeoff.tasks.spec import TaskSpec


@dataclass(frozen=True)
class WordNgram(Contender):
    """Every word from those before it, unknown words byte by byte; Kneser-Ney smoothing of both.

    Args:
        order: Longest n-gram, in words.
        spelling_order: Longest n-gram of an unknown word's bytes.
    """

    card: ClassVar[Card] = Card(
        name="word-ngram",
        title="n-gram of words",
        family="ngram",
        summary="language model: counts of n words, unknown words spelled; Kneser-Ney smoothing",
        kinds=frozenset({"language-modelling"}),
        reads=frozenset({ColumnType.TEXT}),
        needs=frozenset({ColumnType.TEXT}),
        abilities=frozenset({"samples"}),
        rank=1,
        source="Chen and Goodman 1998, 'An Empirical Study of Smoothing Techniques'",
        seconds_per_1000=0.3,
    )

    order: int = 3
    spelling_order: int = 5

    def __post_init__(self) -> None:
        """Check the settings.

        Raises:
            UsageError: An order is below 1.
        """
        if self.order < 1 or self.spelling_order < 1:
            raise UsageError("'word-ngram' has an order below 1")

    def fit(self, train: Examples, valid: Examples | None, context: Context) -> WordNgramFitted:
        """Count the words of both parts.

        Raises:
            ContenderError: There is no text.
        """
        del context
        inputs = Examples.concatenate(train, valid).inputs
        column, texts = text_to_learn(inputs)
        model = SpellingModel.fit(texts, order=self.order, spelling_order=self.spelling_order)
        return WordNgramFitted(column, model)

    def load(self, folder: Path, task: TaskSpec) -> WordNgramFitted:
        """Read back what `WordNgramFitted.save` wrote."""
        del task
        state = load_state(folder)
        model = SpellingModel(
            state.texts("known"),
            KneserNey.of_arrays(state.arrays, "words"),
            KneserNey.of_arrays(state.arrays, "spelling"),
        )
        return WordNgramFitted(state.texts("columns")[0], model)


@dataclass(frozen=True, slots=True)
class WordNgramFitted(Fitted):
    """Counts of words and of spellings, and the column they are of."""

    column: str
    model: SpellingModel

    def predict(self, inputs: Inputs, context: Context) -> Predictions:
        """Return the nats of each text."""
        del context
        return Predictions.of_nats(inputs.ids, self.model.nats(inputs.texts(self.column)))

    def write(self, characters: int, context: Context) -> str:
        """Return a text drawn from the model."""
        return self.model.write(characters, generator(context.seed, "sample"))

    def facts(self) -> Facts:
        """Return the numbers that it keeps."""
        tables = (*self.model.words.tables, *self.model.spelling.tables)
        kept = sum(len(table.grams) + len(table.contexts) for table in tables)
        return Facts(parameters=kept, trained_parameters=kept)

    def save(self, folder: Path) -> None:
        """Write words and tables."""
        arrays = self.model.words.arrays("words") | self.model.spelling.arrays("spelling")
        values = {"columns": [self.column], "known": list(self.model.known)}
        save_state(folder, values, arrays)
