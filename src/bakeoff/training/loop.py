"""The one loop in which every net of this project learns."""

from __future__ import annotations

import copy
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch.nn import functional

from bakeoff.training.batches import equal_length_batches, training_batches
from bakeoff.training.devices import resolve_device
from bakeoff.training.precision import autocast
from bakeoff.training.seeds import pinned_threads, seeded

if TYPE_CHECKING:
    import numpy as np
    from torch import nn

    from bakeoff.training.recipe import Recipe, TrainingContext
    from bakeoff.training.rows import Rows


@dataclass(frozen=True, slots=True)
class LabelledRows:
    """Rows with their targets.

    Args:
        rows: What the net reads.
        targets: ``(n,)``: int64 class codes, or float32 numbers.
    """

    rows: Rows
    targets: torch.Tensor


@dataclass(frozen=True, slots=True)
class Epoch:
    """What one pass over the rows brought.

    Args:
        train_loss: Mean over the rows, as they stood when each was learned from.
        valid_loss: After the pass; None without validation rows.
    """

    train_loss: float
    valid_loss: float | None


@dataclass(frozen=True, slots=True)
class Trained:
    """What training left behind.

    Args:
        net: On the CPU, in evaluation mode, with the weights of the best epoch.
        epochs: All epochs, in order.
        best_epoch: From 0; the last one without validation rows.
        precision: In which it was trained: ``"fp32"`` or ``"bf16"``.
    """

    net: nn.Module
    epochs: tuple[Epoch, ...]
    best_epoch: int
    precision: str


def train(
    net: nn.Module,
    learn: LabelledRows,
    valid: LabelledRows | None,
    recipe: Recipe,
    context: TrainingContext,
    *,
    key: str,
) -> Trained:
    """Train ``net`` in place and return it with the weights of its best epoch.

    Args:
        net: Called as ``net(**batch)``; gives ``(n, n_classes)`` logits, or ``(n, 1)`` numbers.
        learn: To learn from.
        valid: For early stopping; None: the last epoch's weights are kept.
        recipe: How.
        context: Seed, device, threads and scratch folder.
        key: Names this fit among those that share the scratch folder: contender and rows.
    """
    del key
    device = resolve_device(context.device)
    precision = "bf16" if recipe.precision == "bf16" else "fp32"
    net.to(device)
    optimiser = torch.optim.AdamW(
        net.parameters(), lr=recipe.learning_rate, weight_decay=recipe.weight_decay
    )
    lengths = learn.rows.lengths()
    steps = recipe.epochs * len(_batches(lengths, recipe, context.seed, 0))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: _rate(step, steps, recipe.warmup)
    )
    epochs: list[Epoch] = []
    best, best_epoch, best_loss = copy.deepcopy(net.state_dict()), 0, math.inf
    with pinned_threads(context.threads), seeded(context.seed, "training"):
        for number in range(recipe.epochs):
            net.train()
            total = 0.0
            for positions in _batches(lengths, recipe, context.seed, number):
                batch = {k: v.to(device) for k, v in learn.rows.batch(positions).items()}
                targets = learn.targets[positions].to(device)
                with autocast(device, precision):
                    outputs = net(**batch)
                loss = _loss(outputs.float(), targets, recipe)
                optimiser.zero_grad(set_to_none=True)
                loss.backward()  # type: ignore[no-untyped-call]  # torch ships it so
                torch.nn.utils.clip_grad_norm_(net.parameters(), recipe.clip)
                optimiser.step()
                schedule.step()
                total += loss.item() * len(positions)
            valid_loss = None if valid is None else _mean_loss(net, valid, device, precision)
            epochs.append(Epoch(total / len(lengths), valid_loss))
            context.log(f"epoch {number + 1}: {epochs[-1]}")
            if valid_loss is None or valid_loss < best_loss:
                best, best_epoch = copy.deepcopy(net.state_dict()), number
                best_loss = math.inf if valid_loss is None else valid_loss
            elif number - best_epoch >= recipe.patience:
                break
    net.load_state_dict(best)
    return Trained(net.cpu().eval(), tuple(epochs), best_epoch, precision)


def _batches(
    lengths: np.ndarray[tuple[int], np.dtype[np.int64]], recipe: Recipe, seed: int, epoch: int
) -> list[np.ndarray[tuple[int], np.dtype[np.int64]]]:
    return training_batches(
        lengths,
        seed=seed,
        epoch=epoch,
        batch_tokens=recipe.batch_tokens,
        batch_rows=recipe.batch_rows,
    )


def _rate(step: int, steps: int, warmup: float) -> float:
    """Return the share of the peak rate at a step: a rise, then half a cosine down to nothing."""
    rise = max(1, round(warmup * steps))
    if step < rise:
        return (step + 1) / rise
    return 0.5 * (1 + math.cos(math.pi * min(1.0, (step - rise) / max(1, steps - rise))))


def _loss(outputs: torch.Tensor, targets: torch.Tensor, recipe: Recipe) -> torch.Tensor:
    if targets.is_floating_point():
        return functional.mse_loss(outputs[:, 0], targets)
    return functional.cross_entropy(outputs, targets, label_smoothing=recipe.label_smoothing)


def _mean_loss(net: nn.Module, valid: LabelledRows, device: torch.device, precision: str) -> float:
    net.eval()
    total = 0.0
    with torch.inference_mode(), autocast(device, precision):
        for positions in equal_length_batches(valid.rows.lengths()):
            batch = {k: v.to(device) for k, v in valid.rows.batch(positions).items()}
            targets = valid.targets[positions].to(device)
            outputs = net(**batch).float()
            if targets.is_floating_point():
                loss = functional.mse_loss(outputs[:, 0], targets)
            else:
                loss = functional.cross_entropy(outputs, targets)
            total += loss.item() * len(positions)
    return total / len(valid.targets)
