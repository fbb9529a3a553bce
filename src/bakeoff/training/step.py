"""One step's gradients: of whole batches, or put together from pieces where memory is short."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from bakeoff.core.errors import ContenderError
from bakeoff.training.memory import ADVICE, give_back, is_out_of_memory
from bakeoff.training.precision import autocast
from bakeoff.training.seeds import seed_step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy as np
    from numpy.typing import NDArray
    from torch import nn

    from bakeoff.training.augment import Augmenter
    from bakeoff.training.losses import Loss
    from bakeoff.training.replicas import Replica
    from bakeoff.training.trained import LabelledRows


@dataclass(frozen=True, slots=True)
class StepName:
    """Which step it is: all that its random numbers depend on.

    Args:
        seed: Of the fit.
        attempt: 0, or 1 after a new beginning.
        epoch: From 0.
        step: From 0, over all epochs.
    """

    seed: int
    attempt: int
    epoch: int
    step: int


@dataclass(slots=True)
class Stepper:
    """Computes gradients.

    Args:
        net: In training mode.
        weights: Those of the net that learn.
        learn: Rows and targets.
        loss: What is made small.
        augmenter: Varies the rows, or None.
        device: Where the net is.
        precision: ``"fp32"`` or ``"bf16"``.
        replica: Which share of each batch is computed here.
        log: Takes one line when memory runs out.
        micro_rows: Rows computed at a time; 0: whole batches.
    """

    net: nn.Module
    weights: list[nn.Parameter]
    learn: LabelledRows
    loss: Loss
    augmenter: Augmenter | None
    device: torch.device
    precision: str
    replica: Replica
    log: Callable[[str], None]
    micro_rows: int = 0

    def gradients(
        self, batches: list[NDArray[np.int64]], name: StepName
    ) -> tuple[torch.Tensor, float]:
        """Leave the gradient of the rows' mean loss in the net; return loss sum and total weight.

        Out of memory, batches are computed in pieces of half the rows from then on. The gradient
        stays the whole step's, but for rounding (and for batch norms, which see the pieces).

        Args:
            batches: Positions of rows; all of them make one step.
            name: Of the step.

        Raises:
            ContenderError: A single row does not fit into memory.
        """
        weight = sum(self.loss.weight(self.learn.targets[batch]) for batch in batches)
        while True:
            total = self._try(batches, name, weight)
            if not self.replica.any(total is None):
                break
            self._halve(max(len(batch) for batch in batches))
        assert total is not None
        if self.replica.size > 1:
            self.replica.add_up([total, *self._all_gradients()])
        return total, weight

    def _all_gradients(self) -> list[torch.Tensor]:
        """Return every weight's gradient; zeros where this replica had no rows."""
        found: list[torch.Tensor] = []
        for each in self.weights:
            each.grad = torch.zeros_like(each) if each.grad is None else each.grad
            found.append(each.grad)
        return found

    def _try(
        self, batches: list[NDArray[np.int64]], name: StepName, weight: float
    ) -> torch.Tensor | None:
        """Return the loss sum, or None if memory was not enough."""
        # A function of its own: once it has returned, no traceback keeps the failed tensors.
        for each in self.weights:
            each.grad = None
        seed_step(self.device, name.seed, "step", name.attempt, name.step, self.replica.rank)
        total = torch.zeros((), device=self.device)
        try:
            for number, batch in enumerate(batches):
                for inputs, targets in self._pieces(batch, name, number):
                    with autocast(self.device, self.precision):
                        outputs = self.net(**inputs)
                    loss = self.loss.sum(outputs, targets)
                    (loss / weight).backward()  # type: ignore[no-untyped-call]  # torch ships it so
                    total += loss.detach()
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
            return None
        return total

    def _pieces(
        self, batch: NDArray[np.int64], name: StepName, number: int
    ) -> Iterator[tuple[dict[str, torch.Tensor], torch.Tensor]]:
        """Yield inputs and targets of this replica's rows, so many at a time."""
        host = self.learn.rows.batch(batch)
        if self.augmenter is not None:
            # Of the whole batch, whatever its pieces: the draws stay the same.
            host = self.augmenter(host, name.seed, name.attempt, name.epoch, name.step, number)
        targets = self.learn.targets[batch]
        if self.replica.size > 1:
            own = slice(self.replica.rank, None, self.replica.size)
            host, targets = {key: value[own] for key, value in host.items()}, targets[own]
        rows = self.micro_rows or len(batch)
        for start in range(0, len(targets), rows):
            piece = slice(start, start + rows)
            yield (
                {key: value[piece].to(self.device) for key, value in host.items()},
                targets[piece].to(self.device),
            )

    def _halve(self, largest: int) -> None:
        rows = min(self.micro_rows or largest, -(-largest // self.replica.size))
        give_back(self.device)
        if rows <= 1:
            raise ContenderError(ADVICE)
        self.micro_rows = (rows + 1) // 2
        self.log(f"out of memory: from here on {self.micro_rows} rows are computed at a time")
