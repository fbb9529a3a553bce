"""What a net is trained to make small; training and early stopping ask the same object."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch.nn import functional

if TYPE_CHECKING:
    from torch import nn

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
            learn: ``(n,)`` targets learned from, or ``(n, n_classes)`` shares of classes:
                balanced weights come from these alone.
            valid: ``(m,)`` targets for early stopping, or None.
        """
        if _are_numbers(learn) or recipe.class_weights == "none":
            return cls(None, recipe.label_smoothing)
        if learn.ndim == 2:
            mass = learn.double().sum(dim=0)
            even = len(learn) / (int((mass > 0).sum()) * mass)
            return cls(torch.where(mass > 0, even, 1.0).float(), recipe.label_smoothing)
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
            targets: ``(n,)``: int64 class codes, or float32 numbers; ``(n, n_classes)``, float32:
                shares of classes; or ``(n, length)``, int64: a code for each place.
        """
        outputs = outputs.float()
        if _are_places(targets):
            outputs, targets = outputs.flatten(0, 1), targets.flatten()
        if _are_numbers(targets):
            return functional.mse_loss(outputs[:, 0], targets, reduction="sum")
        if self.class_weights is None:
            return functional.cross_entropy(
                outputs, targets, reduction="sum", label_smoothing=self.label_smoothing
            )
        each = functional.cross_entropy(
            outputs, targets, reduction="none", label_smoothing=self.label_smoothing
        )
        return each @ self._of_rows(targets)

    def weight(self, targets: torch.Tensor) -> float:
        """Return the total weight of rows with these targets, on the host."""
        if _are_places(targets):
            return float((targets >= 0).sum())
        if self.class_weights is None or _are_numbers(targets):
            return float(len(targets))
        return float(self._of_rows(targets).sum())

    def _of_rows(self, targets: torch.Tensor) -> torch.Tensor:
        """Return each row's weight: of its class, or the mean of its classes by their shares."""
        assert self.class_weights is not None
        weights = self.class_weights.to(targets.device)
        return targets @ weights[: targets.shape[1]] if targets.ndim == 2 else weights[targets]


class OwnLoss(Loss):
    """Of nets that compute their loss themselves and return it, summed over the rows of a batch.

    So do nets in pre-training: what is predicted stands in the rows, and all predictions at once
    would be far larger than the loss. Targets count rows, and say nothing else.
    """

    __slots__ = ()

    def sum(self, outputs: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        """Return the net's output: a scalar."""
        del targets
        return outputs.float()


def loss_of(
    net: nn.Module, recipe: Recipe, learn: torch.Tensor, valid: torch.Tensor | None
) -> Loss:
    """Return what ``net`` is trained on: its own loss if its attribute ``own_loss`` is true."""
    return OwnLoss() if getattr(net, "own_loss", False) else Loss.of(recipe, learn, valid)


def _are_places(targets: torch.Tensor) -> bool:
    """Return whether there is a class code for each place of a row, -100 where none is asked."""
    return targets.ndim == 2 and not targets.is_floating_point()


def _are_numbers(targets: torch.Tensor) -> bool:
    return targets.ndim == 1 and targets.is_floating_point()
