"""What a net is trained to make small; training and early stopping ask the same object."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch.nn import functional

if TYPE_CHECKING:
    from bakeoff.training.recipe import Recipe


@dataclass(frozen=True, slots=True)
class Loss:
    """Mean squared error of numbers, cross-entropy of classes, as a weighted mean over rows.

    A row may have many classes, one a place (the next byte of a text): then the mean is over all
    places that are asked, those with a code of at least 0.

    It comes as a sum and a total weight, so that the mean over a batch can be put together from
    any pieces of it.

    Args:
        class_weights: ``(at least as many as codes that occur,)``, float32, or None: a row counts
            as much as its class.
        label_smoothing: Share of the target's mass spread over all classes.
    """

    class_weights: torch.Tensor | None = None
    label_smoothing: float = 0.0

    @classmethod
    def of(cls, recipe: Recipe, learn: torch.Tensor, valid: torch.Tensor | None) -> Loss:
        """Return the loss that a recipe asks for.

        Args:
            recipe: Smoothing and class weights; both are without meaning for numbers.
            learn: ``(n,)`` targets learned from: balanced weights come from these alone.
            valid: ``(m,)`` targets for early stopping, or None.
        """
        if learn.is_floating_point() or recipe.class_weights == "none":
            return cls(None, recipe.label_smoothing)
        most = max(int(codes.max()) for codes in (learn, valid) if codes is not None and len(codes))
        counts = torch.bincount(learn, minlength=most + 1)
        present = counts > 0
        balanced = len(learn) / (int(present.sum()) * counts.clamp(min=1).double())
        # A class that only validation rows have weighs 1: nothing was learned of it.
        return cls(torch.where(present, balanced, 1.0).float(), recipe.label_smoothing)

    def sum(self, outputs: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        """Return the weighted sum of the rows' losses: a scalar, float32.

        Args:
            outputs: ``(n, n_classes)`` logits, ``(n, length, n_classes)``, or ``(n, 1)`` numbers.
            targets: ``(n,)`` or ``(n, length)``: int64 class codes; or ``(n,)`` float32 numbers.
        """
        outputs = outputs.float()
        if targets.ndim == 2:
            outputs, targets = outputs.flatten(0, 1), targets.flatten()
        if targets.is_floating_point():
            return functional.mse_loss(outputs[:, 0], targets, reduction="sum")
        if self.class_weights is None:
            return functional.cross_entropy(
                outputs, targets, reduction="sum", label_smoothing=self.label_smoothing
            )
        each = functional.cross_entropy(
            outputs, targets, reduction="none", label_smoothing=self.label_smoothing
        )
        return each @ self.class_weights.to(each.device)[targets]

    def weight(self, targets: torch.Tensor) -> float:
        """Return the total weight of rows with these targets, on the host."""
        if targets.ndim == 2:
            return float((targets >= 0).sum())
        if self.class_weights is None or targets.is_floating_point():
            return float(len(targets))
        return float(self.class_weights[targets].sum())
