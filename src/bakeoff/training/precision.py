"""How exactly a net computes: bf16 where it is faster, fp32 elsewhere; never fp16 off a GPU."""

from __future__ import annotations

import torch


def autocast(device: torch.device, precision: str) -> torch.autocast:
    """Return a context in which matrix products run in bf16 if ``precision`` is ``"bf16"``."""
    return torch.autocast(device.type, torch.bfloat16, enabled=precision == "bf16")
