"""LoRA: thin trained matrices beside a model's own, which stay as they are."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn import functional

from bakeoff.core.errors import ArtefactError, ContenderError

if TYPE_CHECKING:
    from pathlib import Path

_ATTENTION = {
    *("query", "value", "query_proj", "value_proj", "q_proj", "v_proj", "q_lin", "v_lin"),
    *("q", "v", "qkv", "Wqkv", "qkv_proj", "query_key_value", "c_attn"),
}
"""What models call the layers that make queries and values; of some they are one layer."""
_WEIGHTS = "adapter_model.safetensors"
_PREFIX = "base_model.model."


class LoraLinear(nn.Module):
    """A frozen linear layer and a learned addition: ``W x + b + alpha / rank * B A x``.

    GPT-2's linear layers (``Conv1D``) hold their weights the other way round: ``(n_in, n_out)``.

    Source: Hu et al. 2022, 'LoRA: Low-Rank Adaptation of Large Language Models'.

    Args:
        base: The layer, ``(n_in) -> (n_out)``.
        rank: Rows of ``A``.
        alpha: Strength of the addition.
        dropout: Share of ``x`` left out before ``A`` while training.
    """

    def __init__(self, base: nn.Module, rank: int, alpha: float, dropout: float) -> None:
        super().__init__()
        self.base = base
        self.transposed = _is_transposed(base)
        weight = base.weight
        assert isinstance(weight, nn.Parameter)
        n_out, n_in = reversed(weight.shape) if self.transposed else weight.shape
        self.scale = alpha / rank
        self.dropout = nn.Dropout(dropout)
        self.lora_A = nn.Parameter(torch.empty(rank, n_in))
        # 0, so that at first nothing is changed.
        self.lora_B = nn.Parameter(torch.zeros(n_out, rank))
        nn.init.kaiming_uniform_(self.lora_A, a=math.sqrt(5))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return ``(..., n_out)`` from ``(..., n_in)``."""
        thin = functional.linear(self.dropout(x), self.lora_A)
        outputs: torch.Tensor = self.base(x)
        return outputs + functional.linear(thin, self.lora_B) * self.scale

    def merged(self) -> nn.Module:
        """Return the layer with the addition in its own weights."""
        weight = self.base.weight
        assert isinstance(weight, nn.Parameter)
        with torch.no_grad():
            added = self.scale * self.lora_B @ self.lora_A
            weight.add_(added.T if self.transposed else added)
        return self.base


def add_lora(
    model: nn.Module, *, rank: int, alpha: float, dropout: float = 0.0, targets: str = "attention"
) -> None:
    """Freeze a model and give some of its linear layers additions that learn, in place.

    Args:
        model: From transformers.
        rank: See `LoraLinear`.
        alpha: See `LoraLinear`.
        dropout: See `LoraLinear`.
        targets: ``"attention"``: queries and values; ``"all"``: every linear layer.

    Raises:
        ContenderError: The model has no such layer.
    """
    model.requires_grad_(requires_grad=False)
    names = [
        name
        for name, module in model.named_modules()
        if isinstance(module, nn.Linear) or _is_transposed(module)
    ]
    if targets == "attention":
        names = [name for name in names if name.rpartition(".")[2] in _ATTENTION]
    if not names:
        raise ContenderError(
            f"the encoder ({type(model).__name__}) has no linear layers for LoRA's "
            f"targets={targets}: use targets=all, or encoder-finetuned"
        )
    for name in names:
        _replace(model, name, LoraLinear(model.get_submodule(name), rank, alpha, dropout))


def merge_lora(model: nn.Module) -> None:
    """Add all additions into the model's own weights, in place: it is as fast as it was before."""
    for name, module in list(model.named_modules()):
        if isinstance(module, LoraLinear):
            _replace(model, name, module.merged())


def lora_weights(model: nn.Module) -> dict[str, torch.Tensor]:
    """Return copies of all additions, on the CPU, by the names that peft gives them."""
    return {name: weight.detach().cpu().clone() for name, weight in _additions(model).items()}


def is_transposed(model: nn.Module) -> bool:
    """Return whether the layers with additions are GPT-2's, which peft must be told."""
    return any(isinstance(each, LoraLinear) and each.transposed for each in model.modules())


def save_lora(
    folder: Path,
    weights: dict[str, torch.Tensor],
    rank: int,
    alpha: float,
    *,
    transposed: bool = False,
) -> None:
    """Write additions as `peft.PeftModel.from_pretrained` reads them.

    Raises:
        OSError: The disk is full or cannot be written.
    """
    from safetensors.torch import save

    layers = sorted({name.removeprefix(_PREFIX).rpartition(".lora_")[0] for name in weights})
    config = {
        "peft_type": "LORA",
        "task_type": "FEATURE_EXTRACTION",
        "r": rank,
        "lora_alpha": alpha,
        "target_modules": layers,
        "fan_in_fan_out": transposed,
        "inference_mode": True,
    }
    folder.mkdir()
    (folder / _WEIGHTS).write_bytes(save(weights, metadata={"format": "pt"}))
    text = json.dumps(config, indent=1)
    (folder / "adapter_config.json").write_text(text, encoding="utf-8")


def load_lora(folder: Path, model: nn.Module) -> None:
    """Read additions back into a model to which `add_lora` added the same.

    Raises:
        ArtefactError: The file is absent or damaged, or of another model or other settings.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        weights = load_file(folder / _WEIGHTS)
    except (OSError, SafetensorError) as error:
        raise ArtefactError(
            f"the adapter cannot be read: {error}", where=str(folder), fix="train it again"
        ) from error
    own = _additions(model)
    if {n: w.shape for n, w in own.items()} != {n: w.shape for n, w in weights.items()}:
        raise ArtefactError(
            "the adapter does not fit its encoder", where=str(folder), fix="train it again"
        )
    with torch.no_grad():
        for name, weight in own.items():
            weight.copy_(weights[name])


def _is_transposed(layer: nn.Module) -> bool:
    # By name: transformers' Conv1D is a linear layer, torch's Conv1d is none.
    return type(layer).__name__ == "Conv1D"


def _additions(model: nn.Module) -> dict[str, nn.Parameter]:
    found = {}
    for name, module in model.named_modules():
        if isinstance(module, LoraLinear):
            found[f"{_PREFIX}{name}.lora_A.weight"] = module.lora_A
            found[f"{_PREFIX}{name}.lora_B.weight"] = module.lora_B
    return found


def _replace(model: nn.Module, name: str, module: nn.Module) -> None:
    parent, _, own = name.rpartition(".")
    setattr(model.get_submodule(parent), own, module)
