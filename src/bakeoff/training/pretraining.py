"""Pre-training in the one loop: rows of a stream into a model of transformers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch

from bakeoff.models.pretraining.nets import CausalNet, MaskedNet
from bakeoff.training.loop import train
from bakeoff.training.trained import LabelledRows

if TYPE_CHECKING:
    from torch import nn

    from bakeoff.training.fit import Hooks
    from bakeoff.training.recipe import Recipe, TrainingContext
    from bakeoff.training.rows import Rows
    from bakeoff.training.trained import Trained


@dataclass(frozen=True, slots=True)
class Packed:
    """What is learned from, and what is held out.

    Args:
        learn: As `training.packed_rows.packed_rows` makes them.
        valid: The same, masked once and for all; None: nothing is held out.
    """

    learn: Rows
    valid: Rows | None = None


def pretraining_net(objective: str, model: Any, tokenizer: Any) -> nn.Module:
    """Return a model of transformers as a net that gives its own loss.

    Args:
        objective: Of `models.pretraining.build.OBJECTIVES`.
        model: As `models.pretraining.build.make_model` makes it, or one that was loaded.
        tokenizer: Of transformers.
    """
    if objective == "clm":
        return CausalNet(model)
    special = [tokenizer.cls_token_id, tokenizer.sep_token_id]
    return MaskedNet(model, mask=tokenizer.mask_token_id, special=special)


def pretrain(
    net: nn.Module,
    rows: Packed,
    recipe: Recipe,
    context: TrainingContext,
    *,
    key: str = "pretraining",
    hooks: Hooks | None = None,
) -> Trained:
    """Train in place; weights of the best epoch are kept where something is held out.

    Args:
        net: From `pretraining_net`.
        rows: To learn from, and to watch.
        recipe: How.
        context: Seed, device, threads, scratch folder.
        key: Names the fit among those that share the scratch folder.
        hooks: What to call after a step.

    Raises:
        ContenderError: It diverged twice, or a single row does not fit into memory.
        UserError: The device is not there.
    """
    learn = _counted(rows.learn)
    valid = None if rows.valid is None else _counted(rows.valid)
    return train(net, learn, valid, recipe, context, key=key, replicas=1, hooks=hooks)


def _counted(rows: Rows) -> LabelledRows:
    # What is predicted stands in the rows: see `losses.OwnLoss`.
    return LabelledRows(rows, torch.zeros(len(rows)))
