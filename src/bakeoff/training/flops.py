"""How much work a net's prediction is, and how many weights it has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry, sdpa_flop

if TYPE_CHECKING:
    from torch import nn

    from bakeoff.training.rows import Rows

COUNTED_ROWS = 8
"""The count is the mean over so many rows around the median length."""
_HEAVY = ("mm", "conv", "attention", "rnn", "lstm", "gru", "transformer", "linear", "matmul")
"""An operation whose name holds one of these does much work: not to know it is to be blind."""


def count_parameters(net: nn.Module, *, learning: bool = False) -> int:
    """Return the number of weights, shared ones once; of those alone that learn, if asked."""
    weights = (w for w in net.parameters() if w.requires_grad or not learning)
    return sum(weight.numel() for weight in weights)


def flops_per_row(net: nn.Module, rows: Rows) -> float | None:
    """Return the floating-point operations of one prediction on a row of usual length.

    A multiply-add counts as two; only matrix products, convolutions, attention and recurrent
    layers are counted, the rest is small beside them.

    Args:
        net: On the CPU; it is left in evaluation mode.
        rows: Some that it may read; counted are those around the median length.

    Returns:
        The count, or None without rows, or where the net does work that the counter cannot see.
    """
    if not len(rows):
        return None
    order = np.argsort(rows.lengths(), kind="stable")
    middle = max(0, len(order) // 2 - COUNTED_ROWS // 2)
    chosen = order[middle : middle + COUNTED_ROWS]
    net.eval()
    counter = _Counter()
    # With gradients: without them torch puts whole layers into one operation that hides its work.
    with torch.enable_grad(), counter:
        for position in chosen:
            net(**rows.batch(np.array([position])))
    return None if counter.blind else counter.total / len(chosen)


class _Counter(TorchDispatchMode):  # type: ignore[no-untyped-call]  # torch ships it so
    """Adds up the work of all operations, by torch's own table of formulas.

    Not torch's `FlopCounterMode`, which gives the same sum: it imports torch's compiler, more than
    a second in each process, and counts an operation that it does not know as no work.
    """

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # torch ships it so
        self.total = 0
        self.blind = False
        self._formulas = {**flop_registry, **_recipes()}

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        # Torch asks this of its modes; the answer keeps its compiler out (see above).
        return False

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Any = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        del types
        named = kwargs or {}
        found = func(*args, **named)
        formula = self._formulas.get(func.overloadpacket)
        if formula is not None:
            self.total += int(formula(*args, **named, out_val=found))
        elif _is_heavy(func.overloadpacket):
            self.blind = True
        return found


def _is_heavy(operation: Any) -> bool:
    name = str(operation).rpartition(".")[2]
    return any(part in name for part in _HEAVY)


def _recipes() -> dict[Any, Any]:
    """Return formulas for operations of the CPU that torch's table leaves out."""
    return {
        torch.ops.aten._scaled_dot_product_flash_attention_for_cpu: _attention,
        torch.ops.aten.mkldnn_rnn_layer: _lstm,
    }


def _attention(
    query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, *_: Any, **__: Any
) -> int:
    count: int = sdpa_flop(query.shape, key.shape, value.shape)
    return count


def _lstm(
    inputs: torch.Tensor, from_input: torch.Tensor, from_state: torch.Tensor, *_: Any, **__: Any
) -> int:
    """Return what one direction of one LSTM layer does.

    Args:
        inputs: ``(length, n, size)``, or ``(n, length, size)``.
        from_input: ``(4 * hidden, size)``.
        from_state: ``(4 * hidden, hidden)``.
    """
    steps = inputs.shape[0] * inputs.shape[1]
    return 2 * steps * (from_input.numel() + from_state.numel())
