"""Pretrained encoders of pictures from transformers: their own preparation, without torchvision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import nn

from bakeoff.core.errors import ContenderError
from bakeoff.core.extras import require
from bakeoff.models.encoders import load_model, quietly, unreadable
from bakeoff.models.images import rgb_picture

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from PIL.Image import Image

    from bakeoff.models.encoder_source import EncoderSource

_GREY = (128, 128, 128)
_ANY_SIDE = 224


class PictureNet(nn.Module):
    """An encoder of pictures and how its states become one vector.

    Args:
        model: From transformers, called with ``pixel_values``.
        pooling: ``"cls"``: the first token's state; ``"mean"``: over all tokens, or places.
    """

    def __init__(self, model: nn.Module, pooling: str) -> None:
        super().__init__()
        self.model = model
        self.pooling = pooling

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Return ``(n, width)`` from ``(n, channels, height, width)``, float32, normalised."""
        states: torch.Tensor = self.model(pixel_values=pixels).last_hidden_state
        if states.dim() == 4:
            return states.mean(dim=(2, 3))
        return states[:, 0] if self.pooling == "cls" else states.mean(dim=1)


@dataclass(frozen=True, slots=True)
class ImageEncoder:
    """A pretrained encoder of pictures; shared by all who ask for it: copy the net to train it.

    Args:
        source: What it is.
        net: In evaluation mode, on the CPU, fp32.
        processor: From transformers: resizes, crops and normalises as the net was trained.
        width: Numbers of a picture's vector.
    """

    source: EncoderSource
    net: PictureNet
    processor: Any
    width: int

    @property
    def pooling(self) -> str:
        """``"mean"`` or ``"cls"``."""
        return self.net.pooling

    @property
    def parameters(self) -> int:
        """Number of weights."""
        return sum(weight.numel() for weight in self.net.parameters())

    def pixels(self, pictures: Sequence[bytes], first: int = 0) -> list[NDArray[np.float32]]:
        """Return what the net reads: for each picture ``(channels, height, width)``, float32.

        A missing picture (``b""``) is grey all over.

        Args:
            pictures: Encoded.
            first: Number of the first one, for messages.

        Raises:
            ContenderError: A picture cannot be decoded; its position and the reason are named.
        """
        found = []
        for position, data in enumerate(pictures, start=first):
            try:
                picture = rgb_picture(data) if data else _grey()
            except (OSError, ValueError, SyntaxError) as error:
                raise ContenderError(f"picture {position} cannot be decoded: {error}") from error
            with quietly():
                prepared = self.processor(images=picture, return_tensors="np")
            found.append(np.asarray(prepared["pixel_values"][0], dtype=np.float32))
        return found


_MOST_KEPT = 2
_kept: dict[str, tuple[Any, Any, int]] = {}


def load_image_encoder(source: EncoderSource, *, pooling: str = "auto") -> ImageEncoder:
    """Return an encoder of pictures; its weights are loaded once in a process.

    Args:
        source: From `models.encoder_source.find_encoder`.
        pooling: ``"mean"``, ``"cls"`` or ``"auto"``: the first token's state where the net has a
            token of its own for the whole picture, else the mean.

    Raises:
        ArtefactError: The weights do not fit the config, or transformers cannot read them.
        MissingExtraError: transformers is not installed.
    """
    digest = source.digest()
    if digest not in _kept:
        while len(_kept) >= _MOST_KEPT:
            del _kept[next(iter(_kept))]
        _kept[digest] = _read(source)
    model, processor, width = _kept[digest]
    if pooling == "auto":
        own = any(name.endswith("cls_token") for name, _ in model.named_parameters())
        pooling = "cls" if own else "mean"
    return ImageEncoder(source, PictureNet(model, pooling).eval(), processor, width)


def _read(source: EncoderSource) -> tuple[Any, Any, int]:
    """Return the model, its processor and the width of its vectors."""
    model = load_model(source)
    transformers = require("transformers", extra="torch", needed_by=f"the encoder {source.title}")
    with quietly():
        try:
            processor = transformers.AutoImageProcessor.from_pretrained(
                source.folder, backend="pil", local_files_only=True, trust_remote_code=False
            )
            pixels = processor(images=_grey(), return_tensors="pt")["pixel_values"].float()
            with torch.inference_mode():
                width = PictureNet(model, "mean")(pixels).shape[1]
        except Exception as error:
            raise unreadable(source, "picture processor", error) from error
    return model, processor, width


def _grey() -> Image:
    from PIL import Image

    return Image.new("RGB", (_ANY_SIDE, _ANY_SIDE), _GREY)
