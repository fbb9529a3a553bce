"""What a net is built of, read off the net itself: its depth, and what one of its features sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import nn

if TYPE_CHECKING:
    from collections.abc import Callable

_LAYERS = ("Addmm", "Mm", "Linear", "Convolution", "Embedding")
"""How autograd names products with a matrix of weights, convolutions and tables of vectors.

A product of two activations, as in attention, is a ``Bmm`` or an attention of its own name."""


def depth(outputs: torch.Tensor) -> int:
    """Return how many layers of weights lie on the longest way from the input to ``outputs``.

    A layer is a product with a matrix of weights, a convolution, or a table of vectors. A recurrent
    net has one for every time step, since the state after each is multiplied again; steps without
    weights (bends, norms, pooling, sums) do not count.

    Args:
        outputs: Of any shape, computed with gradients; its graph must not have been freed.
    """
    deepest: dict[Any, int] = {}
    stack: list[tuple[Any, bool]] = [(outputs.grad_fn, False)]
    while stack:
        node, ready = stack.pop()
        if node in deepest:
            continue
        inputs = [child for child, _ in node.next_functions if child is not None]
        if ready:
            is_layer = node.name().startswith(_LAYERS)
            deepest[node] = is_layer + max((deepest[child] for child in inputs), default=0)
        else:
            stack.append((node, True))
            stack += [(child, False) for child in inputs if child not in deepest]
    return deepest[outputs.grad_fn]


def seen_words(
    encode: Callable[[torch.Tensor], torch.Tensor], length: int, size: int, *, position: int
) -> list[float]:
    """Return how much the state at ``position`` depends on each word's vector, 0 where not at all.

    Args:
        encode: ``(1, length, size)``, float64, to ``(1, about length, out)``.
        length: Words.
        size: Of a word's vector.
        position: Whose state it is.
    """
    generator = torch.Generator().manual_seed(0)
    vectors = torch.randn(1, length, size, generator=generator, dtype=torch.float64)
    states = encode(vectors.requires_grad_())
    mix = torch.randn(states.shape[2], generator=generator, dtype=torch.float64)
    (gradient,) = torch.autograd.grad(states[0, position] @ mix, vectors)
    return [float(norm) for norm in gradient[0].norm(dim=1)]


def seen_square(
    see: Callable[[torch.Tensor], torch.Tensor], channels: int, side: int
) -> tuple[int, int]:
    """Return height and width, in pixels, of what the middle feature of a map depends on.

    Args:
        see: ``(1, channels, side, side)``, float64, to ``(1, filters, some, some)``.
        channels: Of a picture.
        side: Of the picture.
    """
    generator = torch.Generator().manual_seed(0)
    total = torch.zeros(side, side, dtype=torch.float64)
    # Over several pictures: where a maximum is taken, one picture shows the winner alone.
    for _ in range(8):
        picture = torch.rand(1, channels, side, side, generator=generator, dtype=torch.float64)
        maps = see(picture.requires_grad_())
        middle = maps[0, :, maps.shape[2] // 2, maps.shape[3] // 2]
        (gradient,) = torch.autograd.grad(middle.sum(), picture)
        total += gradient[0].abs().sum(dim=0)
    rows, columns = (total > 0).any(dim=1).nonzero(), (total > 0).any(dim=0).nonzero()
    return int(rows[-1] - rows[0] + 1), int(columns[-1] - columns[0] + 1)


def doubled(net: nn.Module) -> None:
    """Bring the net to evaluation mode and double precision, in place."""
    net.double().eval()
