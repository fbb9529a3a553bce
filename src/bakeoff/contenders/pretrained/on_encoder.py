"""What all contenders on a pretrained encoder have in common: which one, and what it can read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bakeoff.contenders.base import Contender, parse_settings
from bakeoff.core.errors import UsageError
from bakeoff.data.columns import ColumnType
from bakeoff.models.encoder_source import encoder_title, find_encoder, meant, why_not

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bakeoff.models.encoder_source import EncoderSource
    from bakeoff.tasks.spec import TaskSpec

MODALITIES = {"text": ColumnType.TEXT, "image": ColumnType.IMAGE}
"""Type of column that an encoder of each modality reads."""


@dataclass(frozen=True)
class OnEncoder(Contender):
    """A contender whose spec's argument is an encoder: ``NAME[@settings][:ENCODER]``.

    What stands for an empty argument is fixed when the contender is made, so that its name says
    which encoder it is. Torch is imported when a fit begins, not for planning.
    """

    encoder: str = ""
    """A folder, a name on the Hugging Face hub, or empty: the default."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "encoder", meant(self.encoder))

    @classmethod
    def from_spec(
        cls,
        argument: str,
        settings: Mapping[str, str],
        make: Callable[[str], Contender],
    ) -> Contender:
        """Make the contender; the argument is the encoder.

        Raises:
            UsageError: A setting is unknown or has the wrong type.
        """
        del make
        if "encoder" in settings:
            raise UsageError(
                "the encoder is no setting", fix=f"write {cls.card.name}:{settings['encoder']}"
            )
        return cls(encoder=argument.strip(), **parse_settings(cls, settings))

    def argument(self) -> str:
        """Return the encoder."""
        return self.encoder

    def changed_settings(self) -> dict[str, str | int | float | bool | None]:
        """Return the settings that differ from their defaults; the encoder is the argument."""
        changed = super().changed_settings()
        changed.pop("encoder", None)
        return changed

    def title(self) -> str:
        """Return the card's title with the encoder's short name in it."""
        return f"{encoder_title(self.encoder)} {self.card.title}"

    def source(self) -> EncoderSource:
        """Return the encoder, found and checked.

        Raises:
            UserError: It is not here, or cannot be used.
        """
        return find_encoder(self.encoder)

    def refuses(self, task: TaskSpec) -> str | None:
        """Return why not: no such encoder, or no column that it reads."""
        reason = super().refuses(task) or why_not(self.encoder)
        if reason:
            return reason
        source = self.source()
        wanted = MODALITIES[source.modality]
        types = {column.type for column in task.inputs}
        if wanted not in self.card.reads:
            return f"it reads no {source.modality} columns, and {source.title} reads nothing else"
        if wanted not in types:
            got = ", ".join(sorted(types))
            return f"{source.title} reads {source.modality}, and the inputs are {got}"
        return None
