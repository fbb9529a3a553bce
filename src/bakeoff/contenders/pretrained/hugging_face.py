"""``hf:ENCODER``: any Hugging Face encoder, by what is done with it: frozen, fine-tuned, LoRA."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from bakeoff.contenders.base import Card
from bakeoff.contenders.pretrained.on_encoder import OnEncoder
from bakeoff.core.errors import UsageError, did_you_mean
from bakeoff.data.columns import ColumnType

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bakeoff.contenders.base import Contender

_USES = ("frozen", "finetuned", "lora", "static", "zeroshot")


@dataclass(frozen=True)
class HuggingFace(OnEncoder):
    """A front that is never itself: ``hf@use=lora:NAME`` makes ``encoder-lora:NAME``.

    Args:
        use: What is done with the encoder; further settings are passed on.
    """

    card: ClassVar[Card] = Card(
        name="hf",
        family="pretrained",
        summary="hf@use=frozen|finetuned|lora|static|zeroshot:NAME, an encoder by name or folder",
        kinds=frozenset({"classification", "regression"}),
        reads=frozenset({ColumnType.TEXT, ColumnType.IMAGE}),
        needs=frozenset({ColumnType.TEXT, ColumnType.IMAGE}),
        extras=("torch",),
        rank=6,
        pretrained=True,
    )

    use: str = "frozen"

    @classmethod
    def from_spec(
        cls,
        argument: str,
        settings: Mapping[str, str],
        make: Callable[[str], Contender],
    ) -> Contender:
        """Make the contender that uses the encoder so.

        Raises:
            UsageError: No encoder is named, or an unknown use or setting.
        """
        rest = dict(settings)
        use = rest.pop("use", "frozen")
        if use not in _USES:
            raise UsageError(f"hf@use={use} is not known", fix=did_you_mean(use, _USES))
        if not argument.strip():
            raise UsageError(
                "'hf' needs the name of an encoder, or its folder",
                fix=f"write hf:NAME, or encoder-{use} for the default encoder",
            )
        suffix = "".join(f"@{key}={value}" for key, value in rest.items())
        return make(f"encoder-{use}{suffix}:{argument.strip()}")
