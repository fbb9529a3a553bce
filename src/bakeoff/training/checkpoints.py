"""Where a fit stands, on disk, so that a killed one goes on to the very same weights."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from bakeoff.core.files import write_atomic
from bakeoff.core.hashing import hash_bytes, hash_text
from bakeoff.training.trained import Epoch

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bakeoff.training.weights import Weights

INTERVAL_S = 20.0
"""Seconds between checkpoints, at least."""
SHARE = 30
"""A checkpoint that took long is followed by so many times its own time without one."""
_DIGEST_SIZE = 64
_PLAIN = "plain"


@dataclass(slots=True)
class Progress:
    """Where a fit stands; plain values alone.

    Random numbers have no state here: those of a step are seeded by what the step is.

    Args:
        attempt: 0, or 1 after the fit was begun anew at a lower rate.
        fault: Why it was.
        epoch: From 0.
        position: Steps done in this epoch.
        step: Steps done in all epochs of this attempt.
        loss_sum: Weighted sum of the losses of this epoch's rows so far.
        micro_rows: Rows computed at a time; 0: whole batches.
        epochs: Those that are over.
        best_epoch: With the lowest validation loss; the last one without validation rows.
        best_loss: That loss.
    """

    attempt: int = 0
    fault: str = ""
    epoch: int = 0
    position: int = 0
    step: int = 0
    loss_sum: float = 0.0
    micro_rows: int = 0
    epochs: list[Epoch] = field(default_factory=list)
    best_epoch: int = 0
    best_loss: float = float("inf")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that a checkpoint holds.

    Args:
        progress: Where the fit stands.
        net: Weights that learn, and buffers.
        best: The same as they were after the best epoch; empty before there is one.
        optimiser: Its tensors.
        plain: Its other values.
    """

    progress: Progress
    net: Weights
    best: Weights
    optimiser: Weights
    plain: dict[str, Any]


class Checkpoints:
    """The checkpoint of one fit: at most one file, replaced whole, removed when the fit is over.

    The clock decides when one is written and nothing else.

    Args:
        folder: Where it lies.
        key: Names the fit among those that share the folder.
        fingerprint: Of everything that the fit depends on; another's checkpoint is ignored.
        log: Takes one line where a checkpoint cannot be used.
        every_steps: Write one after so many steps, whatever the clock says (for tests).
    """

    def __init__(
        self,
        folder: Path,
        key: str,
        fingerprint: str,
        log: Callable[[str], None],
        every_steps: int | None = None,
    ) -> None:
        self.path = folder / f"{hash_text(key)[:16]}.checkpoint"
        self._fingerprint = fingerprint
        self._log = log
        self._every_steps = every_steps
        self._next_s = time.monotonic() + INTERVAL_S

    def due(self, step: int) -> bool:
        """Return whether one should be written after this step."""
        if self._every_steps is not None:
            return step % self._every_steps == 0
        return time.monotonic() >= self._next_s

    def write(self, snapshot: Snapshot) -> None:
        """Write a checkpoint in place of the last one.

        Raises:
            StorageError: The disk is full or cannot be written.
        """
        from safetensors.torch import save

        started = time.monotonic()
        parts = {"net": snapshot.net, "best": snapshot.best, "optimiser": snapshot.optimiser}
        tensors = {
            f"{part}.{name}": tensor.detach().cpu().contiguous()
            for part, weights in parts.items()
            for name, tensor in weights.items()
        }
        plain = {
            "fingerprint": self._fingerprint,
            "progress": asdict(snapshot.progress),
            "optimiser": snapshot.plain,
        }
        # JSON writes a float so that it is read back to the last bit.
        text = np.frombuffer(json.dumps(plain).encode(), dtype=np.uint8).copy()
        data = save({**tensors, _PLAIN: torch.from_numpy(text)})
        write_atomic(self.path, hash_bytes(data).encode() + data)
        now = time.monotonic()
        self._next_s = now + max(INTERVAL_S, SHARE * (now - started))

    def read(self) -> Snapshot | None:
        """Return what this fit left behind; None if that is nothing, damaged, or another fit's."""
        from safetensors.torch import load

        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return None
        data = content[_DIGEST_SIZE:]
        if hash_bytes(data).encode() != content[:_DIGEST_SIZE]:
            self._log(f"the checkpoint {self.path.name} is damaged: the fit begins anew")
            return None
        tensors = load(data)
        plain = json.loads(tensors.pop(_PLAIN).numpy().tobytes())
        if plain["fingerprint"] != self._fingerprint:
            self._log(f"the checkpoint {self.path.name} is of another fit: this one begins anew")
            return None
        parts: dict[str, Weights] = {"net": {}, "best": {}, "optimiser": {}}
        for key, tensor in tensors.items():
            part, name = key.split(".", 1)
            parts[part][name] = tensor
        progress = Progress(**plain["progress"])
        epochs = [Epoch(**each) for each in plain["progress"]["epochs"]]
        return Snapshot(replace(progress, epochs=epochs), **parts, plain=plain["optimiser"])

    def remove(self) -> None:
        """Remove the file, if there is one."""
        self.path.unlink(missing_ok=True)
