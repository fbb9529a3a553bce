"""What all nets that learn word vectors of their own have in common: words in, a net trained."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bakeoff.contenders.base import Contender, Facts, Fitted
from bakeoff.core.hashing import hash_parts
from bakeoff.data.columns import ColumnType
from bakeoff.models.outputs import to_predictions
from bakeoff.models.state import load_state, save_state
from bakeoff.models.vocabulary import Vocabulary

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


@dataclass(frozen=True)
class TextNet(Contender):
    """A net over the words of all text columns; a subclass says which.

    Torch is imported when a fit begins, so that listing and planning do not need it.
    """

    longest: int = 256
    """Words of a row that are read."""
    epochs: int = 10
    learning_rate: float = 1e-3

    @abstractmethod
    def net(self, n_tokens: int, width: int) -> nn.Module:
        """Return a net with fresh weights: ``net(tokens, mask)`` gives ``(n, width)``."""

    def recipe(self) -> Recipe:
        """Return how it is trained."""
        from bakeoff.training.recipe import Recipe

        return Recipe(epochs=self.epochs, learning_rate=self.learning_rate)

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
            self.recipe(),
            context,
            key=hash_parts([self.name, train.inputs.ids.tobytes()]),
        )
        return TextNetFitted(reader, scale, trained.net)

    def load(self, folder: Path, task: TaskSpec) -> TextNetFitted:
        """Read back what `TextNetFitted.save` wrote."""
        from bakeoff.training.artefacts import load_net
        from bakeoff.training.targets import TargetScale

        state = load_state(folder)
        reader = Reader(state.texts("columns"), Vocabulary(state.texts("words")), self.longest)
        scale = TargetScale(len(task.classes), state.number("mean"), state.number("deviation"))
        net = load_net(folder, self.net(len(reader.vocabulary), scale.width))
        return TextNetFitted(reader, scale, net)


@dataclass(frozen=True, slots=True)
class Reader:
    """How rows become word numbers."""

    columns: tuple[str, ...]
    vocabulary: Vocabulary
    longest: int

    def rows(self, inputs: Inputs) -> TokenRows:
        """Return the rows as a net reads them."""
        from bakeoff.training.rows import TokenRows

        texts = [inputs.texts(name) for name in self.columns]
        return TokenRows(self.vocabulary.sequences(texts, self.longest))


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

        values: dict[str, str | float | list[str]] = {
            "columns": list(self.reader.columns),
            "words": list(self.reader.vocabulary.words),
            "mean": self.scale.mean,
            "deviation": self.scale.deviation,
        }
        save_state(folder, values, {})
        save_net(folder, self.net)

    def facts(self) -> Facts:
        """Return the number of weights."""
        count = sum(weight.numel() for weight in self.net.parameters())
        return Facts(parameters=count, trained_parameters=count)
