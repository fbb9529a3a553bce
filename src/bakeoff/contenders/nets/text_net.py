"""What all nets that learn word vectors of their own have in common: words in, a net trained."""

from __future__ import annotations

import math
from abc import abstractmethod
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bakeoff.contenders.base import Card, Contender, Facts, Fitted
from bakeoff.core.hashing import hash_parts
from bakeoff.data.columns import ColumnType
from bakeoff.models.outputs import to_predictions
from bakeoff.models.state import load_state, save_state
from bakeoff.models.vocabulary import BETWEEN, LEFT_OUT, Vocabulary, read_words
from bakeoff.models.word_pieces import piece_table
from bakeoff.training.recipe import passes_per_row

if TYPE_CHECKING:
    from pathlib import Path

    from torch import nn

    from bakeoff.contenders.base import Context
    from bakeoff.data.inputs import Inputs
    from bakeoff.tasks.examples import Examples
    from bakeoff.tasks.predictions import Predictions
    from bakeoff.tasks.spec import TaskSpec
    from bakeoff.training.recipe import Recipe
    from bakeoff.training.rows import TokenRows
    from bakeoff.training.targets import TargetScale

TEXT_NET_CARD = Card(
    name="",
    family="nets",
    summary="",
    kinds=frozenset({"classification", "regression"}),
    reads=frozenset({ColumnType.TEXT}),
    needs=frozenset({ColumnType.TEXT}),
    abilities=frozenset({"probabilities", "confidence", "torch"}),
    extras=("torch",),
    deterministic=False,
)
"""What the cards of all these nets say alike; each fills in the rest."""


@dataclass(frozen=True)
class TextNet(Contender):
    """A net over the words of all text columns; a subclass says which.

    Torch is imported when a fit begins, so that listing and planning do not need it.

    Args:
        longest: Words of a row that are read.
        size: Length of a word vector.
        dropout: Share of features left out while training.
        epochs: Passes over the rows, at most; the plan's budget goes before it.
        least_steps: Where ``epochs`` passes have fewer steps than this, more passes are made: few
            rows would else be left before anything is learned from them.
        patience: Epochs without a better validation loss after which training ends; as many times
            more as there are more passes than ``epochs``.
        learning_rate: Peak of the schedule.
        optimiser: Name in `training.optimisers`.
        weight_decay: Of weight matrices.
        batch_rows: Rows of a batch, at most.
        label_smoothing: Share of the target's mass spread over all classes.
        class_weights: ``"none"`` or ``"balanced"`` (a class counts inversely to its rows).
        augment: Changes made to the training texts: ``"token-dropout=0.1,swap=0.05"``.
    """

    longest: int = 256
    size: int = 128
    dropout: float = 0.3
    epochs: int = 8
    least_steps: int = 300
    patience: int = 3
    learning_rate: float = 2e-3
    optimiser: str = "adamw"
    weight_decay: float = 0.01
    batch_rows: int = 32
    label_smoothing: float = 0.0
    class_weights: str = "none"
    augment: str = "token-dropout=0.1"

    @abstractmethod
    def net(self, n_tokens: int, width: int) -> nn.Module:
        """Return a net with fresh weights: ``net(tokens, mask)`` gives ``(n, width)``."""

    def fit_seconds(self, rows: int) -> float:
        """Return the CPU-seconds of a fit, by its passes: the card's are for the usual number."""
        passes = passes_per_row(rows, self.epochs, self.least_steps, self.batch_rows)
        return super().fit_seconds(rows) * passes / type(self).epochs

    def recipe(self, n_rows: int, epochs: int | None) -> Recipe:
        """Return how it is trained on so many rows, with the budget's epochs where there is one."""
        from bakeoff.training.recipe import Recipe

        if epochs is None:
            steps_per_epoch = math.ceil(n_rows / self.batch_rows)
            epochs = max(self.epochs, math.ceil(self.least_steps / steps_per_epoch))
        return Recipe(
            epochs=epochs,
            patience=math.ceil(self.patience * max(1.0, epochs / self.epochs)),
            learning_rate=self.learning_rate,
            optimiser=self.optimiser,
            weight_decay=self.weight_decay,
            batch_rows=self.batch_rows,
            label_smoothing=self.label_smoothing,
            class_weights=self.class_weights,
            augment=self.augment,
        )

    def fit(self, train: Examples, valid: Examples | None, context: Context) -> TextNetFitted:
        """Learn the vocabulary and the weights from ``train``; stop early on ``valid``."""
        from bakeoff.training.loop import LabelledRows
        from bakeoff.training.loop import train as train_net
        from bakeoff.training.seeds import seeded
        from bakeoff.training.targets import TargetScale

        columns = train.inputs.named(ColumnType.TEXT)
        vocabulary = Vocabulary.fit([train.inputs.texts(name) for name in columns])
        scale = TargetScale.fit(train.targets, len(train.task.classes))
        reader = Reader(columns, vocabulary, self.longest)

        def labelled(rows: Examples) -> LabelledRows:
            return LabelledRows(reader.rows(rows.inputs), scale.tensor(rows.targets))

        with seeded(context.seed, "weights"):
            net = self.net(len(vocabulary), scale.width)
        trained = train_net(
            net,
            labelled(train),
            labelled(valid) if valid is not None and len(valid) else None,
            self.recipe(len(train), context.budget.epochs),
            # One thread: sums that are split over threads round otherwise, a thousand steps make
            # another model of that, and batches of this size hardly gain from a second one.
            replace(context, threads=1),
            key=hash_parts([self.name, train.inputs.ids.tobytes()]),
        )
        return TextNetFitted(reader, scale, trained.net)

    def load(self, folder: Path, task: TaskSpec) -> TextNetFitted:
        """Read back what `TextNetFitted.save` wrote.

        Raises:
            ArtefactError: A file is absent, damaged, or of a net with other settings.
        """
        from bakeoff.training.artefacts import load_net
        from bakeoff.training.targets import TargetScale

        state = load_state(folder)
        reader = Reader(state.texts("columns"), Vocabulary(state.texts("words")), self.longest)
        scale = TargetScale.of(state, len(task.classes))
        net = load_net(folder, self.net(len(reader.vocabulary), scale.width))
        return TextNetFitted(reader, scale, net)


@dataclass(frozen=True, slots=True)
class Reader:
    """How rows become word numbers.

    Args:
        columns: Text columns, in the order in which they are read.
        vocabulary: Of the training texts.
        longest: Words of a row that are read.
    """

    columns: tuple[str, ...]
    vocabulary: Vocabulary
    longest: int

    def rows(self, inputs: Inputs) -> TokenRows:
        """Return the rows as a net reads them."""
        from bakeoff.training.word_rows import WordRows

        texts = read_words([inputs.texts(name) for name in self.columns], self.longest)
        words, pieces = piece_table(texts)
        sequences = [self.vocabulary.numbers(text) for text in texts]
        return WordRows(sequences, words=words, pieces=pieces, unknown=LEFT_OUT, special=(BETWEEN,))


@dataclass(frozen=True, slots=True)
class TextNetFitted(Fitted):
    """Vocabulary and trained net."""

    reader: Reader
    scale: TargetScale
    net: nn.Module

    def predict(self, inputs: Inputs, context: Context) -> Predictions:
        """Return class probabilities or numbers."""
        from bakeoff.training.outputs import net_outputs

        raw = net_outputs(
            self.net,
            self.reader.rows(inputs),
            width=self.scale.width,
            device=context.device,
            threads=context.threads,
        )
        return to_predictions(inputs.ids, self.scale.predictions(raw))

    def save(self, folder: Path) -> None:
        """Write vocabulary and weights."""
        from bakeoff.training.artefacts import save_net

        columns, words = list(self.reader.columns), list(self.reader.vocabulary.words)
        save_state(folder, {"columns": columns, "words": words, **self.scale.values()}, {})
        save_net(folder, self.net)

    def facts(self) -> Facts:
        """Return the number of weights, and their bytes with those of the words."""
        count = sum(weight.numel() for weight in self.net.parameters())
        weights = sum(item.numel() * item.element_size() for item in self.net.state_dict().values())
        words = sum(len(word.encode("utf-8")) for word in self.reader.vocabulary.words)
        return Facts(parameters=count, trained_parameters=count, model_bytes=weights + words)
