"""Rows varied while learning: token dropout and swaps, shifted, mirrored and cut pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn import functional

from bakeoff.core.errors import UsageError
from bakeoff.core.seeds import generator
from bakeoff.training.augment_spec import KINDS, Augmentation, parse_augment
from bakeoff.training.rows import JoinedRows, TokenRows

if TYPE_CHECKING:
    from collections.abc import Callable

    from bakeoff.training.rows import Batch, Rows

    Draw = np.random.Generator

TOKENS, MASK, KINDS_KEY, PIECES, PICTURES = "tokens", "mask", "kinds", "pieces", "pictures"


@dataclass(frozen=True, slots=True)
class Text:
    """Where a batch holds token numbers, and which of them are special.

    Args:
        prefix: Of the batch's keys: ``""`` or ``"text_"``.
        unknown: Number that stands for a token that is left out.
        special: Numbers that stay where they are.
    """

    prefix: str
    unknown: int
    special: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Augmenter:
    """Varies a batch; the draws depend on the fit's seed and on which batch it is alone.

    Args:
        chosen: What is done, in this order.
        texts: Token numbers in a batch.
        pictures: Keys of pictures in a batch.
    """

    chosen: tuple[Augmentation, ...]
    texts: tuple[Text, ...]
    pictures: tuple[str, ...]

    def __call__(self, batch: Batch, seed: int, *parts: int) -> Batch:
        """Return the batch varied; the tensors given stay as they are."""
        draw, batch = generator(seed, "augment", *parts), dict(batch)
        for each in self.chosen:
            if KINDS[each.name].reads == "text":
                for text in self.texts:
                    _TEXT[each.name](batch, text, each.strength, draw)
            else:
                for key in self.pictures:
                    batch[key] = _IMAGE[each.name](batch[key], each.strength, draw)
        return batch


def make_augmenter(spec: str, rows: Rows) -> Augmenter | None:
    """Return what varies such rows; None where nothing is to be done.

    Args:
        spec: As `parse_augment` reads it.
        rows: What is learned from.

    Raises:
        UsageError: The rows hold nothing that one of the augmentations could vary.
    """
    chosen = parse_augment(spec)
    if not chosen:
        return None
    texts = tuple(_texts("", rows))
    keys = rows.batch(np.zeros(1, dtype=np.int64))
    pictures = tuple(key for key in keys if key == PICTURES or key.endswith(f"_{PICTURES}"))
    for each in chosen:
        reads = KINDS[each.name].reads
        if not (texts if reads == "text" else pictures):
            raise UsageError(
                f"the augmentation '{each.name}' varies {reads} rows, and these hold none",
                fix="take it out of 'augment'",
            )
    return Augmenter(chosen, texts, pictures)


def _texts(prefix: str, rows: Rows) -> list[Text]:
    if isinstance(rows, TokenRows):
        return [Text(prefix, rows.unknown, rows.special)]
    if isinstance(rows, JoinedRows):
        parts = rows.parts.items()
        return [text for name, part in parts for text in _texts(f"{prefix}{name}_", part)]
    return []


def _ordinary(batch: Batch, text: Text) -> torch.Tensor:
    """Return where tokens stand that may be varied: ``(n, length)``, bool."""
    tokens, mask = batch[text.prefix + TOKENS], batch[text.prefix + MASK]
    return mask & ~torch.isin(tokens, torch.tensor(text.special, dtype=tokens.dtype))


def _drop_tokens(batch: Batch, text: Text, share: float, draw: Draw) -> None:
    tokens = batch[text.prefix + TOKENS]
    dropped = torch.from_numpy(draw.random(tuple(tokens.shape)) < share) & _ordinary(batch, text)
    batch[text.prefix + TOKENS] = tokens.masked_fill(dropped, text.unknown)


def _swap(batch: Batch, text: Text, share: float, draw: Draw) -> None:
    tokens, free = batch[text.prefix + TOKENS], _ordinary(batch, text)
    first = torch.from_numpy(draw.random((len(tokens), tokens.shape[1] - 1)) < share)
    first &= free[:, :-1] & free[:, 1:]
    kinds = batch.get(text.prefix + KINDS_KEY)
    if kinds is not None:
        first &= kinds[:, :-1] == kinds[:, 1:]
    first[:, 1:] &= ~first[:, :-1]  # no token moves twice
    for name in (text.prefix + TOKENS, text.prefix + PIECES):
        if name in batch:
            before, swapped = batch[name], batch[name].clone()
            swapped[:, :-1][first] = before[:, 1:][first]
            swapped[:, 1:][first] = before[:, :-1][first]
            batch[name] = swapped


def _shift(pictures: torch.Tensor, most: float, draw: Draw) -> torch.Tensor:
    """Move pictures ``(n, channels, height, width)``; what comes in repeats the edge."""
    n, _, height, width = pictures.shape
    moves = torch.from_numpy(draw.integers(-int(most), int(most) + 1, (2, n, 1)))
    rows = (torch.arange(height) + moves[0]).clamp(0, height - 1)
    columns = (torch.arange(width) + moves[1]).clamp(0, width - 1)
    moved = pictures[torch.arange(n)[:, None, None], :, rows[:, :, None], columns[:, None, :]]
    return moved.movedim(3, 1)  # indices on both sides of a slice put its axis last


def _flip(pictures: torch.Tensor, share: float, draw: Draw) -> torch.Tensor:
    turned = torch.from_numpy(draw.random(len(pictures)) < share)
    return torch.where(turned[:, None, None, None], pictures.flip(3), pictures)


def _cutout(pictures: torch.Tensor, side: float, draw: Draw) -> torch.Tensor:
    """Paint a square over with the picture's mean colour (DeVries & Taylor 2017)."""
    n, _, height, width = pictures.shape
    top = torch.from_numpy(draw.integers(1 - int(side), height, (n, 1)))
    left = torch.from_numpy(draw.integers(1 - int(side), width, (n, 1)))
    down, across = torch.arange(height) - top, torch.arange(width) - left
    inside = ((down >= 0) & (down < side))[:, :, None] & ((across >= 0) & (across < side))[:, None]
    mean = pictures.float().mean(dim=(2, 3), keepdim=True).to(pictures.dtype)
    return torch.where(inside[:, None], mean, pictures)


def _rotate(pictures: torch.Tensor, most: float, draw: Draw) -> torch.Tensor:
    n, _, height, width = pictures.shape
    angles = torch.from_numpy(np.deg2rad(draw.uniform(-most, most, n)).astype(np.float32))
    cosine, sine, zero = angles.cos(), angles.sin(), torch.zeros(n)
    # In pixels a turn, in the sampler's units (both sides run from -1 to 1) a sheared one.
    rows = [
        torch.stack([cosine, -sine * height / width, zero], dim=1),
        torch.stack([sine * width / height, cosine, zero], dim=1),
    ]
    grid = functional.affine_grid(
        torch.stack(rows, dim=1), list(pictures.shape), align_corners=False
    )
    turned = functional.grid_sample(
        pictures.float(), grid, padding_mode="border", align_corners=False
    )
    whole = not pictures.is_floating_point()
    return (turned.round() if whole else turned).to(pictures.dtype)


_TEXT: dict[str, Callable[[Batch, Text, float, Draw], None]] = {
    "token-dropout": _drop_tokens,
    "swap": _swap,
}
_IMAGE: dict[str, Callable[[torch.Tensor, float, Draw], torch.Tensor]] = {
    "shift": _shift,
    "flip": _flip,
    "cutout": _cutout,
    "rotate": _rotate,
}
