"""``fused``: one net over text, picture and table columns of the same rows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, cast

import numpy as np

from bakeoff.contenders.base import Card  # noqa: TC001 - settings are read by annotation
from bakeoff.contenders.fused.branches import (
    ColumnBranch,
    EncoderBranch,
    NetBranch,
    PixelBranch,
    WordBranch,
)
from bakeoff.contenders.net_model import NET_CARD, NetContender, Reader
from bakeoff.core.errors import UsageError
from bakeoff.data.columns import ColumnType
from bakeoff.models.encoder_source import find_encoder, find_saved, why_not
from bakeoff.models.feature_nets import FeatureNet
from bakeoff.models.images import natural_side
from bakeoff.models.net_files import EXTRAS, NetFile, kept_net, why_no_net
from bakeoff.models.standardiser import Standardiser
from bakeoff.models.table_arrays import TABLE_TYPES, TableArrays
from bakeoff.models.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray
    from torch import nn

    from bakeoff.contenders.base import Context
    from bakeoff.contenders.fused.branches import Branch
    from bakeoff.contenders.net_model import Kept
    from bakeoff.data.inputs import Inputs
    from bakeoff.models.encoder_source import EncoderSource
    from bakeoff.models.state import State, Value
    from bakeoff.tasks.spec import TaskSpec
    from bakeoff.training.rows import JoinedRows

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
class Fused(NetContender):
    """A net with a branch for each of text, picture and table columns; two of them at least.

    More settings: `NetContender`.

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
    """

    card: ClassVar[Card] = replace(
        NET_CARD,
        name="fused",
        title="fused net",
        seconds_per_1000=20.0,
        family="fused",
        summary="one net over text, picture and table columns: late, early or cross-attention",
        reads=frozenset().union(*MODALITIES.values()),
        needs=frozenset().union(*MODALITIES.values()),
        rank=7,
        source="late and early fusion; cross-attention as in Lu et al. 2019, 'ViLBERT'",
    )

    epochs: int = 30
    patience: int | None = 6
    fusion: str = "late"
    text: str = "words"
    image: str = "pixels"
    size: int = 64
    longest: int = 256
    spans: int = 16
    grid: int = 3
    dropout: float = 0.3

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

    def net(self, reader: Reader, width: int) -> nn.Module:
        """Return the net with the branches' parts."""
        from bakeoff.models.nets.fusion import Fusion

        branches = cast("JoinedReader", reader).branches
        nets = {name: branch.net(self.size, self.dropout) for name, branch in branches.items()}
        return Fusion(nets, width, fusion=self.fusion, size=self.size, dropout=self.dropout)

    def reader(self, inputs: Inputs, context: Context) -> JoinedReader:
        """Return a branch for each modality that the inputs hold, fitted to these rows."""
        names = {name: inputs.named(*reads) for name, reads in MODALITIES.items()}
        found: dict[str, Branch] = {}
        if names["text"]:
            found["text"] = self._text(names["text"], inputs, context)
        if names["image"]:
            found["image"] = self._image(names["image"], inputs, context)
        if names["columns"]:
            found["columns"] = ColumnBranch(TableArrays.fit(inputs))
        return JoinedReader(found)

    def saved_reader(self, state: State, folder: Path) -> JoinedReader:
        """Return the branches that were kept.

        Raises:
            ArtefactError: A file is absent or damaged, or a frozen net or encoder is not here.
        """
        names = state.texts("modalities")
        return JoinedReader({name: self._saved(name, state, folder) for name in names})

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


@dataclass(frozen=True, slots=True)
class JoinedReader(Reader):
    """The branches side by side, by their names."""

    branches: Mapping[str, Branch]

    def rows(self, inputs: Inputs, context: Context) -> JoinedRows:
        """Return the rows of all branches."""
        from bakeoff.training.rows import JoinedRows

        return JoinedRows({name: one.rows(inputs, context) for name, one in self.branches.items()})

    def state(self) -> Kept:
        """Return what each branch learned."""
        values: dict[str, Value] = {"modalities": list(self.branches)}
        arrays: dict[str, NDArray[np.generic]] = {}
        for branch in self.branches.values():
            own_values, own_arrays = branch.state()
            values |= own_values
            arrays |= own_arrays
        return values, arrays

    def save_files(self, folder: Path) -> None:
        """Write what else the branches need."""
        for branch in self.branches.values():
            branch.save_files(folder)

    def frozen_parameters(self) -> int:
        """Return the weights of all frozen nets."""
        return sum(branch.frozen_parameters() for branch in self.branches.values())

    def n_bytes(self) -> int:
        """Return the bytes of what the branches read through."""
        return sum(branch.n_bytes() for branch in self.branches.values())
