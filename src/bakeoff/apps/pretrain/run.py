"""A pre-training from text to checkpoint; the same call goes on where it was stopped."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from bakeoff.apps.pretrain.checkpoint import begin_model, begin_tokenizer
from bakeoff.apps.pretrain.corpus import make_corpus
from bakeoff.apps.pretrain.place import CORPUS, TOKENIZER, Place
from bakeoff.apps.pretrain.record import Pass, Pretraining, Speed
from bakeoff.apps.pretrain.texts import identity
from bakeoff.core.lock import folder_lock
from bakeoff.models.encoders import quietly
from bakeoff.models.environment import environment
from bakeoff.models.pretraining.saving import save_checkpoint
from bakeoff.training.devices import resolve_device
from bakeoff.training.fit import Hooks
from bakeoff.training.flops import count_parameters
from bakeoff.training.packed_rows import packed_rows
from bakeoff.training.peak import flops_of_learning, matmul_peak
from bakeoff.training.precision import choose_precision
from bakeoff.training.pretraining import Packed, pretrain, pretraining_net
from bakeoff.training.seeds import seeded

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bakeoff.apps.pretrain.corpus import Corpus
    from bakeoff.apps.pretrain.settings import Settings
    from bakeoff.training.trained import Trained

TELL_EVERY_S = 10.0
"""Seconds between lines of progress."""
_PACKAGES = ("torch", "transformers", "tokenizers", "numpy")


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """What the training loop asks for."""

    seed: int
    device: str
    threads: int
    scratch: Path
    log: Callable[[str], None]
    notes: list[str] = field(default_factory=list)

    def note(self, line: str) -> None:
        """Keep a line for the record."""
        self.notes.append(line)


def pretrain_text(
    settings: Settings,
    out: Path,
    *,
    threads: int = 1,
    device: str = "auto",
    log: Callable[[str], None] = lambda _line: None,
    hooks: Hooks | None = None,
) -> Pretraining:
    """Pre-train a model and write it into ``out``, an ordinary checkpoint with a record beside.

    Args:
        settings: What, on which text, how.
        out: Folder; what a stopped call left there is taken up.
        threads: Of the CPU.
        device: ``"auto"``, ``"cpu"``, ``"cuda"``, ...
        log: Takes lines of progress.
        hooks: For tests: when to write checkpoints, and what to call after a step.

    Raises:
        UserError: Text, folder or settings do not do.
        ContenderError: It diverged twice, or a single row does not fit into memory.
    """
    place = Place(out)
    place.check()
    with folder_lock(place.work):
        text = identity(settings.sources)
        done = place.open(settings, text)
        if done is not None:
            log(f"{out} is done already")
            return done
        parallel = environment(TOKENIZERS_PARALLELISM="true" if threads > 1 else "false")
        with quietly(), parallel:
            record = _run(place, settings, text, _Job(threads, device, log, hooks or Hooks()))
        place.close(record)
    return record


@dataclass(frozen=True, slots=True)
class _Job:
    """How it is run: nothing here decides the weights, but for the kind of device."""

    threads: int
    device: str
    log: Callable[[str], None]
    hooks: Hooks


def _run(place: Place, settings: Settings, text: list[str], job: _Job) -> Pretraining:
    tokenizer = begin_tokenizer(settings, place.work / TOKENIZER)
    causal = settings.objective == "clm"
    corpus = make_corpus(place.work / CORPUS, settings, tokenizer, causal=causal)
    job.log(
        f"{corpus.learn.documents:,} documents, {corpus.learn.tokens:,} tokens to learn from; "
        f"{corpus.held_out.documents:,} documents held out; {len(tokenizer):,} kinds of tokens"
    )
    rows = _rows(settings, corpus, tokenizer)
    with seeded(settings.seed, "initial weights"):
        model = begin_model(settings, tokenizer)
    net = pretraining_net(settings.objective, model, tokenizer)
    device = resolve_device(job.device)
    precision = choose_precision(settings.precision, net, device)
    flops = flops_of_learning(net, rows.learn)
    clock = _Clock(settings, len(rows.learn), flops, job)
    clock.peak = matmul_peak(device, precision, job.threads)
    job.log(f"{count_parameters(net):,} weights, {clock.steps:,} steps, {device.type}, {precision}")
    around = _Surroundings(settings.seed, job.device, job.threads, place.work, job.log)
    every = job.hooks.checkpoint_every_steps
    trained = pretrain(net, rows, settings.recipe(), around, hooks=Hooks(every, clock.after_step))
    save_checkpoint(place.folder, model, tokenizer)
    return Pretraining(
        settings=settings,
        text=tuple(text),
        learn=corpus.learn,
        held_out=corpus.held_out,
        vocabulary=len(tokenizer),
        parameters=count_parameters(net),
        steps=trained.steps,
        passes=tuple(Pass(each.train_loss, each.valid_loss) for each in trained.epochs),
        best_pass=trained.best_epoch,
        bits_per_byte=_bits_per_byte(settings, corpus, trained),
        precision=trained.precision,
        device=device.type,
        speed=clock.speed(),
        versions={name: version(name) for name in _PACKAGES},
        notes=tuple(around.notes),
    )


def _rows(settings: Settings, corpus: Corpus, tokenizer: Any) -> Packed:
    make = partial(
        packed_rows,
        settings.objective,
        tokenizer=tokenizer,
        length=settings.length,
        seed=settings.seed,
    )
    learn = make(stream=corpus.learn_stream)
    if not settings.held_out:
        return Packed(learn)
    what = f"the held-out text (--held-out {settings.held_out:g})"
    return Packed(learn, make(stream=corpus.held_out_stream, fixed=True, what=what))


def _bits_per_byte(settings: Settings, corpus: Corpus, trained: Trained) -> float | None:
    loss = trained.epochs[trained.best_epoch].valid_loss
    if settings.objective != "clm" or loss is None:
        return None
    return loss * corpus.held_out.tokens / corpus.held_out.bytes / math.log(2)


class _Clock:
    """Times the steps of this process, and tells how far it is.

    Args:
        settings: Of the pre-training.
        rows: To learn from.
        flops: Of learning from one row, or None.
        job: Who is told, and what else is called after a step.
    """

    def __init__(self, settings: Settings, rows: int, flops: float | None, job: _Job) -> None:
        self._job = job
        self._flops = flops
        self._length = settings.length
        batches = math.ceil(rows / settings.batch_rows)
        steps = math.ceil(batches / settings.accumulate)
        self.steps = steps * settings.epochs
        self._rows_per_step = rows / steps
        self._first: tuple[int, float, float] | None = None
        self._last = (0, 0.0, 0.0)
        self._told = time.perf_counter()
        self.peak = 1.0

    def after_step(self, step: int) -> None:
        """Take note of a step that is done."""
        now = (step, time.perf_counter(), time.process_time())
        # The first step pays for what is made once, and is not timed.
        self._first = self._first or now
        self._last = now
        if now[1] - self._told >= TELL_EVERY_S:
            self._told = now[1]
            speed = self.speed()
            fast = "" if speed is None else f", {speed.tokens_per_second:,.0f} tokens a second"
            self._job.log(f"step {step:,} of {self.steps:,}{fast}")
        if self._job.hooks.after_step is not None:
            self._job.hooks.after_step(step)

    def speed(self) -> Speed | None:
        """Return how fast it was; None before two steps are done."""
        if self._first is None or self._last[0] <= self._first[0]:
            return None
        rows = (self._last[0] - self._first[0]) * self._rows_per_step
        wall, cpu = (self._last[i] - self._first[i] for i in (1, 2))
        tokens = rows * self._length
        return Speed(
            tokens_per_second=tokens / max(wall, 1e-9),
            cpu_seconds_per_million_tokens=cpu / tokens * 1e6,
            flops_per_second=None if self._flops is None else self._flops * rows / max(wall, 1e-9),
            peak_flops_per_second=self.peak,
            threads=self._job.threads,
        )
