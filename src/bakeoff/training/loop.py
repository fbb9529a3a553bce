"""The one loop in which every net of this project learns: the door to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bakeoff.training.devices import held, resolve_device
from bakeoff.training.distributed import Job, count_replicas, train_replicas
from bakeoff.training.fit import Fit, Hooks, Place
from bakeoff.training.precision import choose_precision
from bakeoff.training.replicas import Alone
from bakeoff.training.seeds import pinned_threads, seeded
from bakeoff.training.trained import Epoch, LabelledRows, Trained

if TYPE_CHECKING:
    from torch import nn

    from bakeoff.training.recipe import Recipe, TrainingContext

__all__ = ["Epoch", "Hooks", "LabelledRows", "Trained", "train"]


def train(  # noqa: PLR0913 - what a fit is made of; the last is for tests
    net: nn.Module,
    learn: LabelledRows,
    valid: LabelledRows | None,
    recipe: Recipe,
    context: TrainingContext,
    *,
    key: str,
    replicas: int | None = None,
    hooks: Hooks | None = None,
) -> Trained:
    """Train ``net`` in place and return it with the weights of its best epoch.

    A fit that was stopped and is called again with the same arguments goes on from its last
    checkpoint in ``context.scratch`` and comes, on a CPU, to the same weights bit for bit.

    Args:
        net: Called as ``net(**batch)``; gives ``(n, n_classes)`` logits, or ``(n, 1)`` numbers.
            If its attribute ``autocast`` is true, it may be computed in bf16 (see `precision`); if
            ``own_loss`` is true, it returns the sum of the rows' losses instead (see `losses`).
        learn: To learn from.
        valid: For early stopping; None: the last epoch's weights are kept.
        recipe: How.
        context: Seed, device, threads and scratch folder.
        key: Names this fit among those that share the scratch folder: contender and rows.
        replicas: Processes that share every batch; None: one for each GPU, one on a CPU.
        hooks: When to write checkpoints (for tests), and what to call after a step.

    Raises:
        ContenderError: It diverged twice, or a single row does not fit into memory.
        UserError: The device is not there.
    """
    device = resolve_device(context.device)
    precision = choose_precision(recipe.precision, net, device)
    size = count_replicas(device, [*net.modules(), learn.rows], replicas)
    with held(device):
        if size > 1:
            job = Job(
                net=net.cpu(),
                learn=learn,
                valid=valid,
                recipe=recipe,
                seed=context.seed,
                threads=context.threads,
                scratch=context.scratch,
                key=key,
                device=device.type,
                precision=precision,
                size=size,
            )
            return train_replicas(job, context)
        with pinned_threads(context.threads), seeded(context.seed, "training"):
            place = Place(device, precision, Alone())
            return Fit(net, learn, valid, recipe, context, key, place, hooks or Hooks()).run()
