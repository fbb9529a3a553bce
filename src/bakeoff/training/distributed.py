"""One fit on several GPUs: a process for each, every batch shared out, gradients added up.

Each process holds the whole net and all rows. Of every batch it computes its share; the sums of
all shares' gradients are the whole batch's gradient, so all processes make the same steps as one
alone would. The first one validates and writes checkpoints. Batch norms see their own share only,
and the first one's running statistics are kept.
"""

from __future__ import annotations

import contextlib
import copy
import json
import sys
import tempfile
import types
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import distributed
from torch.multiprocessing.spawn import ProcessExitedException, spawn

from bakeoff.core.errors import ContenderError
from bakeoff.core.files import write_atomic
from bakeoff.training.fit import Fit, Hooks, Place
from bakeoff.training.replicas import Group
from bakeoff.training.seeds import pinned_threads, seeded
from bakeoff.training.trained import Epoch, LabelledRows, Trained
from bakeoff.training.weights import changing, put_back

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import nn

    from bakeoff.training.recipe import Recipe, TrainingContext

PATIENCE = timedelta(hours=6)
"""How long the others wait while the first one validates."""
_WEIGHTS, _RESULT, _FAULT = "net.safetensors", "trained.json", "fault.txt"


@dataclass(frozen=True, slots=True)
class Job:
    """What each process is sent.

    Args:
        net: With its initial weights, on the CPU.
        learn: To learn from.
        valid: For early stopping, or None.
        recipe: How.
        seed: Of the fit.
        threads: Of each process.
        scratch: For checkpoints.
        key: Names the fit.
        device: Its type: each process takes the GPU of its rank.
        precision: ``"fp32"`` or ``"bf16"``.
        size: How many processes there are.
        folder: Where they meet, and where the first one leaves the result; made for the job.
    """

    net: nn.Module
    learn: LabelledRows
    valid: LabelledRows | None
    recipe: Recipe
    seed: int
    threads: int
    scratch: Path
    key: str
    device: str
    precision: str
    size: int
    folder: Path = Path()


@dataclass(slots=True)
class ReplicaContext:
    """A `TrainingContext` that is a process's own; notes are handed over at the end."""

    seed: int
    device: str
    threads: int
    scratch: Path
    speaks: bool
    notes: list[str] = field(default_factory=list)

    def log(self, line: str) -> None:
        """Write a line to the worker's log."""
        if self.speaks:
            print(line, file=sys.stderr)  # noqa: T201 - the worker's log file

    def note(self, line: str) -> None:
        """Keep a line for the caller."""
        self.notes.append(line)


def count_replicas(device: torch.device, parts: list[object], asked: int | None) -> int:
    """Return in how many processes to train: one for each GPU, unless something else is asked.

    Args:
        device: ``cuda`` means all GPUs, ``cuda:1`` one.
        parts: What is sent to the processes; what a script defines in itself cannot be.
        asked: A number, or None.
    """
    if asked is not None:
        return asked
    many = device.type == "cuda" and device.index is None
    sendable = all(type(part).__module__ != "__main__" for part in parts)
    return max(1, torch.cuda.device_count()) if many and sendable else 1


def train_replicas(job: Job, context: TrainingContext) -> Trained:
    """Train ``job.net`` in place, in ``job.size`` processes.

    Raises:
        ContenderError: As in `training.loop.train`.
    """
    with tempfile.TemporaryDirectory(prefix="replicas-", dir=job.scratch) as folder:
        sent = replace(job, folder=Path(folder))
        with _hidden_main():
            running = spawn(_work, (sent,), job.size, join=False)  # type: ignore[no-untyped-call]  # torch's
        try:
            while not running.join():
                pass
        except ProcessExitedException:
            fault = sent.folder / _FAULT
            if fault.is_file():
                raise ContenderError(fault.read_text()) from None
            raise
        return _received(job.net, sent.folder, context)


def _work(rank: int, job: Job) -> None:
    device = torch.device(job.device, rank) if job.device == "cuda" else torch.device(job.device)
    if device.type == "cuda":
        torch.cuda.set_device(device)
    distributed.init_process_group(
        "nccl" if device.type == "cuda" else "gloo",
        init_method=f"file://{job.folder / 'meeting'}",
        rank=rank,
        world_size=job.size,
        timeout=PATIENCE,
    )
    context = ReplicaContext(job.seed, job.device, job.threads, job.scratch, rank == 0)
    place = Place(device, job.precision, Group(rank, job.size, device))
    # A copy: weights arrive in memory that all processes share.
    net = copy.deepcopy(job.net)
    try:
        with pinned_threads(job.threads), seeded(job.seed, "training"):
            fit = Fit(net, job.learn, job.valid, job.recipe, context, job.key, place, Hooks())
            trained = fit.run()
        if rank == 0:
            _hand_over(trained, context.notes, job.folder)
    except ContenderError as error:
        if rank == 0:
            write_atomic(job.folder / _FAULT, str(error).encode())
            raise SystemExit(1) from None  # which ends the others too
    finally:
        distributed.destroy_process_group()


def _hand_over(trained: Trained, notes: list[str], folder: Path) -> None:
    from safetensors.torch import save

    weights = {name: tensor.contiguous() for name, tensor in changing(trained.net).items()}
    write_atomic(folder / _WEIGHTS, save(weights))
    plain = {**asdict(replace(trained, net=torch.nn.Identity())), "notes": notes}
    del plain["net"]
    write_atomic(folder / _RESULT, json.dumps(plain).encode())


def _received(net: nn.Module, folder: Path, context: TrainingContext) -> Trained:
    from safetensors.torch import load

    put_back(net, load((folder / _WEIGHTS).read_bytes()))
    plain = json.loads((folder / _RESULT).read_text())
    for note in plain.pop("notes"):
        context.note(note)
    epochs = tuple(Epoch(**each) for each in plain.pop("epochs"))
    return Trained(net=net.eval(), epochs=epochs, **plain)


@contextlib.contextmanager
def _hidden_main() -> Iterator[None]:
    """Hide the running script from the new processes, which would otherwise run it once more."""
    script = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = script
