"""What all nets that model language have in common: bytes in, nats out."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from bakeoff.contenders.base import Card, Contender, Facts, Fitted
from bakeoff.contenders.running_text import text_to_learn
from bakeoff.core.hashing import hash_parts
from bakeoff.core.seeds import generator
from bakeoff.data.columns import ColumnType
from bakeoff.models.byte_text import text_bytes, written
from bakeoff.models.state import load_state, save_state
from bakeoff.tasks.predictions import Predictions
from bakeoff.training.recipe import recipe_of

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray
    from torch import nn

    from bakeoff.contenders.base import Context
    from bakeoff.data.inputs import Inputs
    from bakeoff.tasks.examples import Examples
    from bakeoff.tasks.spec import TaskSpec
    from bakeoff.training.recipe import Recipe

LANGUAGE_NET_CARD = Card(
    name="",
    family="nets",
    summary="",
    kinds=frozenset({"language-modelling"}),
    reads=frozenset({ColumnType.TEXT}),
    needs=frozenset({ColumnType.TEXT}),
    abilities=frozenset({"samples", "stepwise", "torch"}),
    extras=("torch",),
    deterministic=False,
    rank=4,
)
"""What the cards of these nets say alike; each fills in the rest with `dataclasses.replace`."""


@dataclass(frozen=True)
class LanguageNet(Contender):
    """A causal net over bytes; a subclass says which.

    It learns from the texts one behind the other, cut into windows; it judges each text from a
    fresh start.

    Args:
        epochs: Passes over the text, at most; the plan's budget goes before it.
        least_steps: Steps that a fit makes at least, by more passes.
        patience: Epochs without a better validation loss after which training ends; None: never.
        learning_rate: Peak of the schedule.
        optimiser: Name in `training.optimisers`.
        weight_decay: Of weight matrices.
        batch_rows: Windows of a step.
        context: Bytes of a window.
        precision: Of training: ``"auto"``, ``"fp32"`` or ``"bf16"``. Texts are judged in fp32.
    """

    epochs: int = 3
    least_steps: int = 100
    patience: int | None = 2
    learning_rate: float = 3e-3
    optimiser: str = "adamw"
    weight_decay: float = 0.1
    batch_rows: int = 16
    context: int = 128
    precision: str = "auto"

    @abstractmethod
    def net(self) -> nn.Module:
        """Return a net with fresh weights: ``net(tokens)`` gives ``(n, length, 256)`` logits."""

    def sees(self) -> int | None:
        """Return how many bytes a prediction is made from at most; None: all before it."""
        return None

    def fit_seconds(self, rows: int) -> float:
        """Return the CPU-seconds of a fit, by its passes: the card's are for the usual number."""
        return super().fit_seconds(rows) * self.epochs / type(self).epochs

    def recipe(self, windows: int, epochs: int | None) -> Recipe:
        """Return how it is trained on so many windows.

        Raises:
            UsageError: A setting is out of its range.
        """
        return recipe_of(self, windows, epochs)

    def fit(self, train: Examples, valid: Examples | None, context: Context) -> LanguageNetFitted:
        """Learn the weights from ``train``; stop early on ``valid``.

        Raises:
            ContenderError: There is no text, it diverged twice, or does not fit into memory.
        """
        from bakeoff.training.flops import flops_per_row
        from bakeoff.training.loop import train as train_net
        from bakeoff.training.seeds import seeded
        from bakeoff.training.text_windows import stretches

        column, texts = text_to_learn(train.inputs)
        learn = stretches(texts, self.context)
        held_out = [] if valid is None else valid.inputs.texts(column)
        with seeded(context.seed, "weights"):
            net = self.net()
        trained = train_net(
            net,
            learn,
            stretches(held_out, self.context) if any(held_out) else None,
            self.recipe(len(learn.rows), context.budget.epochs),
            # Sums split over threads round otherwise, and training makes another net of that.
            replace(context, threads=1),
            key=hash_parts([self.name, train.inputs.ids.tobytes()]),
        )
        flops = flops_per_row(trained.net, learn.rows)
        if flops is not None:
            usual = float(np.mean([len(text_bytes(text)) for text in texts]))
            flops *= usual / self.context
        return LanguageNetFitted(column, trained.net, self.sees(), flops)

    def load(self, folder: Path, task: TaskSpec) -> LanguageNetFitted:
        """Read back what `LanguageNetFitted.save` wrote.

        Raises:
            ArtefactError: A file is absent, damaged, or of a net with other settings.
        """
        from bakeoff.training.artefacts import load_net

        del task
        state = load_state(folder)
        flops = state.values.get("flops")
        net = load_net(folder, self.net())
        kept = flops if isinstance(flops, float) else None
        return LanguageNetFitted(state.texts("columns")[0], net, self.sees(), kept)


@dataclass(frozen=True, slots=True)
class LanguageNetFitted(Fitted):
    """A trained causal net and the column that it reads.

    Args:
        column: Of text.
        net: In evaluation mode.
        sees: Bytes that it sees at once; None: all.
        flops: Of judging a text of usual length; None where they cannot be counted.
    """

    column: str
    net: nn.Module
    sees: int | None
    flops: float | None

    def predict(self, inputs: Inputs, context: Context) -> Predictions:
        """Return the nats of each text."""
        from bakeoff.models.nets.language import Nats
        from bakeoff.training.outputs import net_outputs
        from bakeoff.training.text_windows import TextWindows

        windows = TextWindows.of(inputs.texts(self.column), self.sees)
        nats = net_outputs(
            Nats(self.net).eval(),
            windows,
            width=1,
            device=context.device,
            threads=context.threads,
        )
        return Predictions.of_nats(inputs.ids, windows.sums(nats[:, 0]))

    def write(self, characters: int, context: Context) -> str:
        """Return a text drawn from the net, byte by byte."""
        import torch

        from bakeoff.models.nets.language import START
        from bakeoff.training.devices import bring, resolve_device
        from bakeoff.training.seeds import pinned_threads

        device = resolve_device("cpu")
        # Of more than this, hardly any byte hangs; and a text is drawn in reasonable time.
        sees = self.sees or MOST_READ_BACK

        def next_shares(so_far: NDArray[np.int64]) -> NDArray[np.float64]:
            stream = np.concatenate([[START], so_far])[-sees:]
            logits = self.net(torch.from_numpy(stream[None].astype(np.int64)))[0, -1]
            return torch.softmax(logits.double(), dim=0).numpy()

        with pinned_threads(context.threads), torch.inference_mode():
            bring(self.net, device)
            return written(next_shares, characters, generator(context.seed, "sample"))

    def save(self, folder: Path) -> None:
        """Write column and weights."""
        from bakeoff.training.artefacts import save_net

        save_state(folder, {"columns": [self.column], "flops": self.flops}, {})
        save_net(folder, self.net)

    def facts(self) -> Facts:
        """Return the size of the net, and a prediction's work."""
        weights = sum(weight.numel() for weight in self.net.parameters())
        kept = sum(item.numel() * item.element_size() for item in self.net.state_dict().values())
        return Facts(
            parameters=weights,
            trained_parameters=weights,
            flops_per_row=self.flops,
            model_bytes=kept,
        )


MOST_READ_BACK = 256
"""Bytes that a recurrent net reads again for each byte that it writes."""
