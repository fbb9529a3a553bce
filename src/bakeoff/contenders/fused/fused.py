"""``fused``: one net over text, picture and table columns of the same rows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from bakeoff.contenders.base import Card, Contender, Facts, Fitted
from bakeoff.contenders.fused.branches import (
    ColumnBranch,
    EncoderBranch,
    NetBranch,
    PixelBranch,
    WordBranch,
)
from bakeoff.core.errors import UsageError
from bakeoff.core.hashing import hash_parts
from bakeoff.data.columns import ColumnType
from bakeoff.models.encoder_source import find_encoder, find_saved, why_not
from bakeoff.models.feature_nets import FeatureNet
from bakeoff.models.images import natural_side
from bakeoff.models.net_files import EXTRAS, NetFile, kept_net, why_no_net
from bakeoff.models.outputs import to_predictions
from bakeoff.models.standardiser import Standardiser
from bakeoff.models.state import State, load_state, save_state
from bakeoff.models.table_arrays import TABLE_TYPES, TableArrays
from bakeoff.models.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import nn

    from bakeoff.contenders.base import Context
    from bakeoff.contenders.fused.branches import Arrays, Branch
    from bakeoff.data.inputs import Inputs
    from bakeoff.models.encoder_source import EncoderSource
    from bakeoff.models.state import Value
    from bakeoff.tasks.examples import Examples
    from bakeoff.tasks.predictions import Predictions
    from bakeoff.tasks.spec import TaskSpec
    from bakeoff.training.rows import JoinedRows
    from bakeoff.training.targets import TargetScale

MODALITIES = {
    "text": frozenset({ColumnType.TEXT}),
    "image": frozenset({ColumnType.IMAGE}),
    "columns": TABLE_TYPES,
}
"""A branch's name -> types of the columns that it reads."""

_FUSIONS = ("late", "early", "cross")
_WHOLE = Standardiser(np.zeros(0, dtype=np.float32), np.ones(0, dtype=np.float32))
_LARGEST_SIDE = 64


@dataclass(frozen=True)
class Fused(Contender):
    """A net with a branch for each of text, picture and table columns; two of them at least.

    Args:
        fusion: ``"late"``: each branch predicts, averaged with learned weights; ``"early"``:
            features side by side through a net; ``"cross"``: words, places and columns attend to
            one another first.
        text: ``"words"`` (vectors learned here) or ``"encoder"`` (token states of the default
            pretrained encoder, frozen).
        image: ``"pixels"`` (a convolutional net learned here) or the path of a frozen picture net,
            as in ``feature-net``.
        size: Length of a word's, a place's and the columns' vector; a multiple of 4.
        longest: Words, or the encoder's tokens, of a row that are read.
        spans: Vectors of a text that frozen token states are brought to.
        grid: Places along either side of a picture that a frozen net's features are kept for.
        dropout: Share of features left out while training.
        epochs: Passes over the rows, at most; the plan's budget goes before it.
        patience: Epochs without a better validation loss after which training ends.
        learning_rate: Peak of the schedule.
        weight_decay: Of weight matrices.
        batch_rows: Rows of a batch, at most.
    """

    card: ClassVar[Card] = Card(
        name="fused",
        title="fused net",
        seconds_per_1000=20.0,
        family="fused",
        summary="one net over text, picture and table columns: late, early or cross-attention",
        kinds=frozenset({"classification", "regression"}),
        reads=frozenset().union(*MODALITIES.values()),
        needs=frozenset().union(*MODALITIES.values()),
        abilities=frozenset({"probabilities", "confidence", "torch"}),
        extras=("torch",),
        deterministic=False,
        rank=7,
        source="late and early fusion; cross-attention as in Lu et al. 2019, 'ViLBERT'",
    )

    fusion: str = "late"
    text: str = "words"
    image: str = "pixels"
    size: int = 64
    longest: int = 256
    spans: int = 16
    grid: int = 3
    dropout: float = 0.3
    epochs: int = 30
    patience: int = 6
    learning_rate: float = 1e-3
    weight_decay: float = 0.01
    batch_rows: int = 32

    def __post_init__(self) -> None:
        for name, value, known in (
            ("fusion", self.fusion, _FUSIONS),
            ("text", self.text, ("words", "encoder")),
        ):
            if value not in known:
                raise UsageError(f"{name}={value} is not known", why=f"it is {' or '.join(known)}")
        if self.size % 4 or self.size < 4:
            raise UsageError(f"size={self.size} is no multiple of 4", why="attention has 4 heads")
        extras = {"torch"} | {EXTRAS.get(Path(self.image).suffix.lower(), "torch")}
        frozen = self.text == "encoder" or self.image != "pixels"
        card = replace(type(self).card, extras=tuple(sorted(extras)), pretrained=frozen)
        object.__setattr__(self, "card", card)

    def refuses(self, task: TaskSpec) -> str | None:
        """Return why not: fewer than two modalities, or no such encoder or picture net."""
        reason = super().refuses(task)
        if reason is not None:
            return reason
        types = {column.type for column in task.inputs}
        found = [name for name, reads in MODALITIES.items() if types & reads]
        if len(found) < 2:
            return (
                "it joins two or more of text, picture and table columns, and the inputs hold "
                f"{found[0]} alone"
            )
        if "text" in found and self.text == "encoder":
            reason = why_not("") or _why_not_text(find_encoder(""))
        if reason is None and "image" in found and self.image != "pixels":
            reason = why_no_net(Path(self.image))
        return reason

    def fit(self, train: Examples, valid: Examples | None, context: Context) -> FusedFitted:
        """Learn what reads each modality, and all weights, from ``train``; stop on ``valid``."""
        from bakeoff.training.loop import LabelledRows
        from bakeoff.training.loop import train as train_net
        from bakeoff.training.recipe import Recipe
        from bakeoff.training.seeds import seeded
        from bakeoff.training.targets import TargetScale

        branches = self._branches(train.inputs, context)
        scale = TargetScale.fit(train.targets, len(train.task.classes))

        def labelled(rows: Examples) -> LabelledRows:
            return LabelledRows(joined(branches, rows.inputs, context), scale.tensor(rows.targets))

        with seeded(context.seed, "weights"):
            net = self._net(branches, scale.width)
        trained = train_net(
            net,
            labelled(train),
            labelled(valid) if valid is not None and len(valid) else None,
            Recipe(
                epochs=context.budget.epochs or self.epochs,
                patience=self.patience,
                learning_rate=self.learning_rate,
                weight_decay=self.weight_decay,
                batch_rows=self.batch_rows,
            ),
            context,
            key=hash_parts([self.name, train.inputs.ids.tobytes()]),
        )
        return FusedFitted(branches, scale, trained.net)

    def load(self, folder: Path, task: TaskSpec) -> FusedFitted:
        """Read back what `FusedFitted.save` wrote.

        Raises:
            ArtefactError: A file is absent or damaged, or a frozen net or encoder is not here.
        """
        from bakeoff.training.artefacts import load_net
        from bakeoff.training.targets import TargetScale

        state = load_state(folder)
        branches = {name: self._saved(name, state, folder) for name in state.texts("modalities")}
        scale = TargetScale.of(state, len(task.classes))
        return FusedFitted(branches, scale, load_net(folder, self._net(branches, scale.width)))

    def _net(self, branches: Mapping[str, Branch], width: int) -> nn.Module:
        from bakeoff.models.nets.fusion import Fusion

        nets = {name: branch.net(self.size, self.dropout) for name, branch in branches.items()}
        return Fusion(nets, width, fusion=self.fusion, size=self.size, dropout=self.dropout)

    def _branches(self, inputs: Inputs, context: Context) -> dict[str, Branch]:
        """Return a branch for each modality that the inputs hold, fitted to these rows."""
        names = {name: inputs.named(*reads) for name, reads in MODALITIES.items()}
        found: dict[str, Branch] = {}
        if names["text"]:
            found["text"] = self._text(names["text"], inputs, context)
        if names["image"]:
            found["image"] = self._image(names["image"], inputs, context)
        if names["columns"]:
            found["columns"] = ColumnBranch(TableArrays.fit(inputs))
        return found

    def _text(self, names: tuple[str, ...], inputs: Inputs, context: Context) -> Branch:
        if self.text == "words":
            vocabulary = Vocabulary.fit([inputs.texts(name) for name in names])
            return WordBranch(names, vocabulary, self.longest)
        from bakeoff.training.frozen import frozen_precision

        precision = frozen_precision(context.device)
        plain = EncoderBranch(names, _WHOLE, find_encoder(""), precision, self.spans, self.longest)
        return replace(plain, scale=plain.fit_scale(inputs, context))

    def _image(self, names: tuple[str, ...], inputs: Inputs, context: Context) -> Branch:
        if self.image == "pixels":
            pictures = [data for name in names for data in inputs.images(name)]
            return PixelBranch(names, min(_LARGEST_SIDE, natural_side(pictures)))
        net = FeatureNet(NetFile.read(Path(self.image)), grid=self.grid)
        plain = NetBranch(names, _WHOLE, net)
        return replace(plain, scale=plain.fit_scale(inputs, context))

    def _saved(self, name: str, state: State, folder: Path) -> Branch:
        """Return a branch as `Branch.state` and `Branch.save_files` kept it."""
        if name == "columns":
            return ColumnBranch(TableArrays.of_state(state))
        if name == "text" and self.text == "words":
            return WordBranch(state.texts("texts"), Vocabulary(state.texts("words")), self.longest)
        if name == "image" and self.image == "pixels":
            return PixelBranch(state.texts("images"), int(state.number("side")))
        scale = Standardiser.of_arrays(state.arrays, name)
        if name == "text":
            asked, digest, precision = (
                str(state.values.get(key)) for key in ("encoder", "digest", "precision")
            )
            source = find_saved(asked, digest)
            return EncoderBranch(
                state.texts("texts"), scale, source, precision, self.spans, self.longest
            )
        (sha256,) = state.texts("net")
        net = FeatureNet(kept_net(folder, Path(self.image), sha256), grid=self.grid)
        return NetBranch(state.texts("images"), scale, net)


def _why_not_text(source: EncoderSource) -> str | None:
    reads = source.modality
    return None if reads == "text" else f"the encoder {source.title} reads {reads}, not text"


def joined(branches: Mapping[str, Branch], inputs: Inputs, context: Context) -> JoinedRows:
    """Return the rows of all branches side by side."""
    from bakeoff.training.rows import JoinedRows

    return JoinedRows({name: branch.rows(inputs, context) for name, branch in branches.items()})


@dataclass(frozen=True, slots=True)
class FusedFitted(Fitted):
    """What reads each modality, and the trained net."""

    branches: Mapping[str, Branch]
    scale: TargetScale
    net: nn.Module

    def predict(self, inputs: Inputs, context: Context) -> Predictions:
        """Return class probabilities or numbers."""
        from bakeoff.training.outputs import net_outputs

        raw = net_outputs(
            self.net,
            joined(self.branches, inputs, context),
            width=self.scale.width,
            device=context.device,
            threads=context.threads,
        )
        return to_predictions(inputs.ids, self.scale.predictions(raw))

    def save(self, folder: Path) -> None:
        """Write what each branch learned, its frozen net, and the weights."""
        from bakeoff.training.artefacts import save_net

        values: dict[str, Value] = {"modalities": list(self.branches), **self.scale.values()}
        arrays: Arrays = {}
        for branch in self.branches.values():
            own_values, own_arrays = branch.state()
            values |= own_values
            arrays |= own_arrays
            branch.save_files(folder)
        save_state(folder, values, arrays)
        save_net(folder, self.net)

    def facts(self) -> Facts:
        """Return the number of weights, frozen ones among them, and their bytes."""
        weights = list(self.net.parameters())
        learned = sum(weight.numel() for weight in weights)
        branches = self.branches.values()
        return Facts(
            parameters=learned + sum(branch.frozen_parameters() for branch in branches),
            trained_parameters=learned,
            model_bytes=sum(weight.numel() * weight.element_size() for weight in weights)
            + sum(branch.frozen_bytes() for branch in branches),
        )
