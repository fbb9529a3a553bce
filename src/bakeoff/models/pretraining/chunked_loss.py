"""Cross-entropy over a large vocabulary without ever holding all logits."""

from __future__ import annotations

from typing import Any

import torch

LOGITS_AT_ONCE = {"cpu": 2**21, "cuda": 2**28}
"""Numbers: on a CPU they stay in its cache, on a GPU they keep it busy."""


def chunked_loss(
    states: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None, labels: torch.Tensor
) -> torch.Tensor:
    """Return the sum of the cross-entropies of ``states @ weight.T + bias``: a scalar, float32.

    Logits are computed a few rows at a time, and their gradient at once with them, so that they
    are computed once and never kept (as the fused loss of Hsu et al. 2024, 'Liger Kernel'). Under
    autocast the products run in its precision, softmax and sums in float32.

    Args:
        states: ``(n, width)``: the net's last states.
        weight: ``(vocabulary, width)``.
        bias: ``(vocabulary,)``, or None.
        labels: ``(n,)``, int64.
    """
    kind = states.device.type
    exact = torch.is_autocast_enabled(kind)
    dtype = torch.get_autocast_dtype(kind) if exact else states.dtype
    total: torch.Tensor = _ChunkedLoss.apply(states, weight, bias, labels, dtype)  # type: ignore[no-untyped-call]  # torch ships it so
    return total


class _ChunkedLoss(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any,
        states: torch.Tensor,
        weight: torch.Tensor,
        bias: torch.Tensor | None,
        labels: torch.Tensor,
        dtype: torch.dtype,
    ) -> torch.Tensor:
        kind = states.device.type
        learns = any(ctx.needs_input_grad)
        with torch.autocast(kind, enabled=False):
            read, head = states.to(dtype), weight.to(dtype)
            added = None if bias is None else bias.float()
            rows = max(1, LOGITS_AT_ONCE.get(kind, 2**21) // len(weight))
            total = states.new_zeros((), dtype=torch.float32)
            grads: list[torch.Tensor] = []
            if learns:
                grads = [torch.empty_like(read), torch.zeros_like(weight, dtype=torch.float32)]
                grads += [] if added is None else [torch.zeros_like(added)]
            for start in range(0, len(read), rows):
                piece = slice(start, start + rows)
                total += _piece(read[piece], head, added, labels[piece], piece, grads)
        ctx.save_for_backward(*grads)
        ctx.dtypes = states.dtype, weight.dtype, None if bias is None else bias.dtype
        return total

    @staticmethod
    def backward(ctx: Any, *upstream: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        found = [
            (grad * upstream[0]).to(dtype)
            for grad, dtype in zip(ctx.saved_tensors, ctx.dtypes, strict=False)
        ]
        return (*found, *[None] * (5 - len(found)))


def _piece(
    states: torch.Tensor,
    weight: torch.Tensor,
    bias: torch.Tensor | None,
    labels: torch.Tensor,
    piece: slice,
    grads: list[torch.Tensor],
) -> torch.Tensor:
    """Return a piece's loss sum; write its gradients into ``grads`` where there are any."""
    logits = (states @ weight.T).float()
    if bias is not None:
        logits += bias
    # Softmax is one pass over the logits, logsumexp four. Its largest share is never near 0, so
    # that its logarithm is exact: that is how far the norm lies above the largest logit.
    shares = torch.softmax(logits, dim=1)
    norms = logits.amax(1) - shares.amax(1).log()
    losses = norms - logits.gather(1, labels[:, None])[:, 0]
    if grads:
        shares.scatter_add_(1, labels[:, None], shares.new_full((len(labels), 1), -1.0))
        slopes = shares.to(states.dtype)
        grads[0][piece] = slopes @ weight
        grads[1] += slopes.T @ states
        if bias is not None:
            grads[2] += shares.sum(0)
    return losses.sum()
