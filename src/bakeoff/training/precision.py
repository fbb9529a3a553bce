"""How exactly a net computes: bf16 where it is faster, fp32 elsewhere; never fp16."""

from __future__ import annotations

import contextlib
import fcntl
import functools
import os
import platform
import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import nn

from bakeoff.core.files import storage_errors
from bakeoff.core.store import Store, default_root
from bakeoff.training.seeds import pinned_threads, seeded

if TYPE_CHECKING:
    from collections.abc import Iterator

LEAST_GAIN = 1.3
"""bf16 is taken where it is so many times faster: below, its rounding is not worth it."""
_ROUNDS = 3
_ROWS, _WIDTH, _HIDDEN = 128, 384, 1536


def autocast(device: torch.device, precision: str) -> torch.autocast:
    """Return a context in which matrix products run in bf16 if ``precision`` is ``"bf16"``."""
    return torch.autocast(device.type, torch.bfloat16, enabled=precision == "bf16")


def choose_precision(asked: str, net: nn.Module, device: torch.device) -> str:
    """Return ``"fp32"`` or ``"bf16"``.

    ``"auto"`` is bf16 for nets that say by an attribute ``autocast = True`` that they gain from it
    (large matrix products) on a device that does; recurrent nets never do.

    Args:
        asked: ``"auto"``, or the answer.
        net: What is trained or asked.
        device: Where it runs.
    """
    if asked != "auto":
        return asked
    recurrent = any(isinstance(module, nn.RNNBase) for module in net.modules())
    if recurrent or not getattr(net, "autocast", False):
        return "fp32"
    return faster_precision(device)


def faster_precision(device: torch.device) -> str:
    """Return ``"bf16"`` where a device is faster with it in large products, else ``"fp32"``."""
    if device.type == "cuda":
        gains = torch.cuda.is_bf16_supported(including_emulation=False)
    else:
        gains = device.type == "cpu" and cpu_gains()
    return "bf16" if gains else "fp32"


@functools.cache
def cpu_gains() -> bool:
    """Return whether this machine's CPU is faster in bf16, as it was measured on it once.

    The first answer is kept, for all processes and runs: a worker, or a fit that goes on after a
    stop, must not decide otherwise because the machine was busy. It is measured with one thread
    and holds for any number of them, so that threads do not change what is learned.
    """
    store = Store(default_root(), "probes")
    key = {
        "probe": "bf16",
        "cpu": _cpu_name(),
        "instructions": torch.backends.cpu.get_cpu_capability(),
        "torch": torch.__version__,
    }
    kept = store.get(key)
    if kept is None:
        with _one_at_a_time(store.path(key).with_suffix(".lock")):
            kept = store.get(key)  # another process may have been first
            if kept is None:
                with pinned_threads(1), seeded(0, "probe"):
                    kept = f"{measured_gain():.3f}".encode()
                store.put(key, kept)
    return float(kept) >= LEAST_GAIN


def measured_gain() -> float:
    """Return how many times less CPU time bf16 takes, forward and back; it lasts some 0.1 s.

    Timed is what most of a small BERT's time goes into: its two wide layers, a few hundred tokens.
    """
    layers = nn.Sequential(nn.Linear(_WIDTH, _HIDDEN), nn.GELU(), nn.Linear(_HIDDEN, _WIDTH))
    rows = torch.ones(_ROWS, _WIDTH)
    seconds: dict[str, list[float]] = {"fp32": [], "bf16": []}
    for _ in range(_ROUNDS + 1):
        for precision, found in seconds.items():
            started = time.process_time()
            with autocast(torch.device("cpu"), precision):
                outputs = layers(rows)
            outputs.float().sum().backward()
            found.append(time.process_time() - started)
    # The first round of each pays for what is made once.
    slow, fast = (statistics.median(found[1:]) for found in seconds.values())
    return slow / max(fast, 1e-9)


def _cpu_name() -> str:
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


@contextlib.contextmanager
def _one_at_a_time(path: Path) -> Iterator[None]:
    """Let one process after the other do what stands in the block."""
    with storage_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
