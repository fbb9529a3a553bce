"""``encoder-lora``: a pretrained encoder that stays as it is, with thin trained matrices added."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from bakeoff.contenders.base import Card  # noqa: TC001 - settings are read by annotation
from bakeoff.contenders.pretrained.tuned import TUNED_CARD, TunedEncoder
from bakeoff.contenders.pretrained.tuned_fitted import EncoderReader, TunedFitted, TunedNet
from bakeoff.core.errors import UsageError, did_you_mean
from bakeoff.models.encoder_source import find_saved
from bakeoff.models.state import load_state

if TYPE_CHECKING:
    from pathlib import Path

    import torch
    from torch import nn

    from bakeoff.tasks.spec import TaskSpec

TARGETS = ("attention", "all")
_ADAPTER = "adapter"
"""Folder of the saved additions, as peft reads them too."""


@dataclass(frozen=True)
class EncoderLora(TunedEncoder):
    """Low-rank additions to the encoder's layers learn, and a fresh head; nothing else does.

    What is saved is small: additions and head, and of the encoder its name and SHA-256.

    Args:
        rank: Of the additions.
        alpha: Their strength; they are multiplied by ``alpha / rank``.
        lora_dropout: Share of a layer's input left out before its addition while training.
        targets: ``"attention"``: queries and values get additions; ``"all"``: every linear layer.
    """

    card: ClassVar[Card] = replace(
        TUNED_CARD,
        name="encoder-lora",
        title="LoRA",
        seconds_per_1000=30.0,
        summary="a pretrained encoder (default: MiniLM) with small trained matrices added (LoRA)",
        source="Hu et al. 2022, 'LoRA: Low-Rank Adaptation of Large Language Models'",
    )

    learning_rate: float = 1e-3
    head_rate_factor: float = 1.0
    rank: int = 8
    alpha: float = 16.0
    lora_dropout: float = 0.0
    targets: str = "attention"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.rank < 1:
            raise UsageError(f"rank={self.rank} is too small", why="it is 1 or more")
        if not self.alpha > 0:
            raise UsageError(f"alpha={self.alpha} is too small", why="it is above 0")
        if not 0 <= self.lora_dropout < 1:
            raise UsageError(
                f"lora_dropout={self.lora_dropout} is out of range", why="it is from 0 to below 1"
            )
        if self.targets not in TARGETS:
            raise UsageError(
                f"targets={self.targets} is not known", fix=did_you_mean(self.targets, TARGETS)
            )

    def open_weights(self, model: nn.Module) -> None:
        """Add the additions, which alone learn.

        Raises:
            ContenderError: It has no layer to add to.
        """
        from bakeoff.models.nets.lora import add_lora

        add_lora(
            model,
            rank=self.rank,
            alpha=self.alpha,
            dropout=self.lora_dropout,
            targets=self.targets,
        )

    def finish(self, tuned: TunedNet) -> LoraFitted:
        """Return the net with the additions merged into the encoder, and the additions."""
        from bakeoff.models.nets.lora import is_transposed, lora_weights, merge_lora

        model = tuned.model
        adapter = Adapter(self.rank, self.alpha, lora_weights(model), is_transposed(model))
        merge_lora(tuned.model)
        return LoraFitted(tuned, adapter)

    def load(self, folder: Path, task: TaskSpec) -> LoraFitted:
        """Read back what `LoraFitted.save` wrote.

        Raises:
            ArtefactError: A file is absent or damaged, or the encoder is not here.
        """
        from bakeoff.models.nets.lora import load_lora

        state = load_state(folder)
        asked, digest = (str(state.values.get(name, "")) for name in ("encoder", "digest"))
        source = find_saved(asked, digest)
        reader = EncoderReader.of(state.texts("columns"), source, self.longest, self.pooling)
        tuned = TunedNet.load(state, reader, task)
        self.open_weights(tuned.model)
        load_lora(folder / _ADAPTER, tuned.model)
        return self.finish(tuned)


@dataclass(frozen=True, slots=True)
class Adapter:
    """The additions apart from their model.

    Args:
        rank: Of them.
        alpha: Their strength.
        weights: By the names that peft gives them.
        transposed: Whether their layers are GPT-2's.
    """

    rank: int
    alpha: float
    weights: dict[str, torch.Tensor]
    transposed: bool


@dataclass(frozen=True, slots=True)
class LoraFitted(TunedFitted):
    """The net with its additions merged, for speed; and the additions apart."""

    adapter: Adapter

    def save(self, folder: Path) -> None:
        """Write additions and head, and of the encoder its name and SHA-256."""
        from bakeoff.models.nets.lora import save_lora

        adapter = self.adapter
        save_lora(
            folder / _ADAPTER,
            adapter.weights,
            adapter.rank,
            adapter.alpha,
            transposed=adapter.transposed,
        )
        self.tuned.save(folder)
