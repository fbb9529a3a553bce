"""Optimisers by name, one object around them that steps, and that a checkpoint can hold."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from bakeoff.core.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable

    from bakeoff.training.recipe import Recipe

    Group = dict[str, Any]
    """Torch's own form: ``params``, ``lr``, ``weight_decay``."""

_SPARED_MODULES = (nn.Embedding, nn.EmbeddingBag, nn.LayerNorm, nn.GroupNorm, nn.RMSNorm)
_SPARED_NAMES = ("embed", "position", "token")
"""Bare parameters whose own name holds one of these are embeddings too."""
HEAD = "head."
"""Weights whose name begins so are the head's."""


class Optimiser:
    """One or several torch optimisers that step together under one schedule.

    Args:
        parts: Their groups' rates are the peaks of the schedule.
    """

    def __init__(self, parts: list[torch.optim.Optimizer]) -> None:
        self.parts = parts
        self.peaks = [[group["lr"] for group in part.param_groups] for part in parts]

    def step(self, share: float) -> None:
        """Make one step at this share of the peak rates."""
        for part, peaks in zip(self.parts, self.peaks, strict=True):
            for group, peak in zip(part.param_groups, peaks, strict=True):
                group["lr"] = peak * share
            with torch.no_grad():
                inspect.unwrap(type(part).step)(part)  # bare: see _leave_compiler_asleep

    def clear(self) -> None:
        """Forget the gradients."""
        for part in self.parts:
            part.zero_grad(set_to_none=True)

    def state(self) -> tuple[dict[str, torch.Tensor], dict[str, Any]]:
        """Return tensors and plain values under ``part.parameter.name``; rates are not state."""
        tensors: dict[str, torch.Tensor] = {}
        plain: dict[str, Any] = {}
        for number, part in enumerate(self.parts):
            for index, values in part.state_dict()["state"].items():
                for name, value in values.items():
                    into = tensors if isinstance(value, torch.Tensor) else plain
                    into[f"{number}.{index}.{name}"] = value
        return tensors, plain

    def restore(self, tensors: dict[str, torch.Tensor], plain: dict[str, Any]) -> None:
        """Take up what `state` returned for an optimiser of the same recipe and net."""
        states: list[dict[int, dict[str, Any]]] = [{} for _ in self.parts]
        for key, value in {**plain, **tensors}.items():
            number, index, name = key.split(".", 2)
            states[int(number)].setdefault(int(index), {})[name] = value
        for part, state in zip(self.parts, states, strict=True):
            part.load_state_dict(
                {"state": state, "param_groups": part.state_dict()["param_groups"]}
            )


def make_optimiser(net: nn.Module, recipe: Recipe) -> Optimiser:
    """Return the optimiser that the recipe names, for all weights of ``net`` that learn.

    - ``gradient-descent``, ``sgd``: no momentum (they differ in the rows of a step: all, a batch);
    - ``momentum``: SGD with Nesterov's momentum of 0.9 (Sutskever et al. 2013);
    - ``adam`` (Kingma & Ba 2015): weight decay is part of the gradient;
    - ``adamw`` (Loshchilov & Hutter 2019): weight decay apart from the gradient;
    - ``muon`` (Jordan et al. 2024) for weight matrices, its steps as long as AdamW's (Liu et al.
      2025), with AdamW for everything else: embeddings, biases, convolutions, the head.

    Raises:
        UsageError: No optimiser has this name.
    """
    _leave_compiler_asleep()
    groups = parameter_groups(net, recipe)
    makers: dict[str, Callable[[], list[torch.optim.Optimizer]]] = {
        "gradient-descent": lambda: [torch.optim.SGD(groups)],
        "sgd": lambda: [torch.optim.SGD(groups)],
        "momentum": lambda: [torch.optim.SGD(groups, momentum=0.9, nesterov=True)],
        # Fused: one pass over the weights in place of seven.
        "adam": lambda: [torch.optim.Adam(groups, fused=True)],
        "adamw": lambda: [torch.optim.AdamW(groups, fused=True)],
        "muon": lambda: _muon(net, recipe),
    }
    if recipe.optimiser not in makers:
        raise UsageError(
            f"no optimiser '{recipe.optimiser}'", fix=did_you_mean(recipe.optimiser, makers)
        )
    return Optimiser(makers[recipe.optimiser]())


def _leave_compiler_asleep() -> None:
    """Keep torch's optimisers from importing torch's compiler, which nobody uses here.

    What stands around their methods asks it not to compile them: on the first use in a process an
    import of 800 modules, more than a second that would be charged to whichever contender is the
    first. Hence the bare methods; where a later torch has no such wrapping, nothing changes.
    """
    base = torch.optim.Optimizer
    for method in (base.add_param_group, base.state_dict, base.load_state_dict, base.zero_grad):
        plain = getattr(method, "__wrapped__", None)
        if plain is not None:
            plain.__dict__.setdefault("__dynamo_disable", plain)


def parameter_groups(net: nn.Module, recipe: Recipe) -> list[Group]:
    """Return the weights that learn, by decay and by rate; no group is empty.

    Spared from decay are biases, the weights of norms (all that have one axis), and embeddings.
    """
    return [_group(kind, weights, recipe) for kind, weights in _by_kind(net).items()]


def _by_kind(net: nn.Module) -> dict[tuple[bool, bool], list[nn.Parameter]]:
    """Return the weights that learn under (spared from decay, of the head)."""
    found: dict[tuple[bool, bool], list[nn.Parameter]] = {}
    modules = dict(net.named_modules())
    for name, weight in net.named_parameters():
        if weight.requires_grad:
            owner, _, own = name.rpartition(".")
            spared = (
                weight.ndim < 2
                or isinstance(modules[owner], _SPARED_MODULES)
                or any(part in own for part in _SPARED_NAMES)
            )
            found.setdefault((spared, name.startswith(HEAD)), []).append(weight)
    return found


def _group(kind: tuple[bool, bool], weights: list[nn.Parameter], recipe: Recipe) -> Group:
    spared, head = kind
    return {
        "params": weights,
        "lr": recipe.learning_rate * (recipe.head_rate_factor if head else 1.0),
        "weight_decay": 0.0 if spared else recipe.weight_decay,
    }


def _muon(net: nn.Module, recipe: Recipe) -> list[torch.optim.Optimizer]:
    matrices: list[Group] = []
    rest: list[Group] = []
    for kind, weights in _by_kind(net).items():
        for two_axes in (True, False):
            chosen = [weight for weight in weights if (weight.ndim == 2) == two_axes]
            if chosen:
                into = matrices if two_axes and not any(kind) else rest
                into.append(_group(kind, chosen, recipe))
    parts: list[torch.optim.Optimizer] = []
    if matrices:
        parts.append(torch.optim.Muon(matrices, adjust_lr_fn="match_rms_adamw"))
    if rest:
        parts.append(torch.optim.AdamW(rest, fused=True))
    return parts
