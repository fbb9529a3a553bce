"""``encoder-finetuned``: a pretrained encoder all of whose weights go on learning."""

from __future__ import annotations

import copy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, cast

from bakeoff.contenders.base import Card  # noqa: TC001 - settings are read by annotation
from bakeoff.contenders.pretrained.tuned import TUNED_CARD, TunedEncoder
from bakeoff.contenders.pretrained.tuned_fitted import EncoderReader, TunedFitted, TunedNet
from bakeoff.core.errors import UsageError
from bakeoff.models.encoder_files import read_checkpoint
from bakeoff.models.encoder_source import EncoderSource, encoder_title
from bakeoff.models.state import load_state
from bakeoff.training.recipe import UPDATE_RATE

if TYPE_CHECKING:
    from pathlib import Path

    from bakeoff.contenders.base import Context, Fitted
    from bakeoff.tasks.examples import Examples
    from bakeoff.tasks.spec import TaskSpec

_ENCODER = "encoder"
"""Folder of the saved encoder, which is a checkpoint like any other."""


@dataclass(frozen=True)
class EncoderFineTuned(TunedEncoder):
    """All weights of the encoder learn, with a fresh head.

    What is saved holds the whole encoder: it needs the one it began with no more.

    Args:
        freeze: Lowest blocks that stay as they are, and the embeddings with them; 0: none.
    """

    card: ClassVar[Card] = replace(
        TUNED_CARD,
        name="encoder-finetuned",
        title="fine-tuned",
        abilities=TUNED_CARD.abilities | {"update"},
        seconds_per_1000=35.0,
        summary="a pretrained encoder (default: MiniLM) all of whose weights go on learning",
        source="Devlin et al. 2019, 'BERT: Pre-training of Deep Bidirectional Transformers'",
    )

    freeze: int = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.freeze < 0:
            raise UsageError(f"freeze={self.freeze} is below 0", why="it counts blocks")

    def open_weights(self, model: Any) -> None:
        """Freeze the lowest blocks, if it is so wished.

        Raises:
            ContenderError: No block would be left to learn.
        """
        from bakeoff.models.nets.encoder_head import freeze_lowest

        freeze_lowest(model, self.freeze)

    def finish(self, tuned: TunedNet) -> EncoderFineTunedFitted:
        """Return the trained net."""
        return EncoderFineTunedFitted(tuned)

    def update(
        self, fitted: Fitted, train: Examples, valid: Examples | None, context: Context
    ) -> EncoderFineTunedFitted:
        """Let a copy of encoder and head go on, at a lower rate.

        Raises:
            ContenderError: It diverged twice, or does not fit into memory.
        """
        from bakeoff.models.nets.encoder_head import set_dropout

        before = cast("EncoderFineTunedFitted", fitted).tuned
        net = copy.deepcopy(before.net)
        set_dropout(net.encoder, self.encoder_dropout)
        net.dropout.p = self.dropout
        self.open_weights(net.encoder.model)
        begun = replace(before, net=net, scale=before.scale.with_classes(train.targets))
        recipe = self.recipe(len(train), context.budget.epochs)
        slower = replace(recipe, learning_rate=recipe.learning_rate * UPDATE_RATE)
        return self.finish(self.trained(begun, train, valid, slower, context))

    def load(self, folder: Path, task: TaskSpec) -> EncoderFineTunedFitted:
        """Read back what `EncoderFineTunedFitted.save` wrote.

        Raises:
            ArtefactError: A file is absent, damaged, or of another architecture.
        """
        state = load_state(folder)
        asked = str(state.values.get("encoder", ""))
        checkpoint = read_checkpoint(folder / _ENCODER)
        source = EncoderSource(asked, encoder_title(asked), checkpoint)
        reader = EncoderReader.of(state.texts("columns"), source, self.longest, self.pooling)
        return EncoderFineTunedFitted(TunedNet.load(state, reader, task))


@dataclass(frozen=True, slots=True)
class EncoderFineTunedFitted(TunedFitted):
    """The whole trained net."""

    def save(self, folder: Path) -> None:
        """Write the encoder as a checkpoint of its own, and the rest."""
        from bakeoff.models.encoder_saving import save_encoder

        tuned = self.tuned
        save_encoder(folder / _ENCODER, tuned.model, tuned.reader.source.folder)
        tuned.save(folder)
