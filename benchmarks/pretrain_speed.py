"""Pre-training: Hugging Face's Trainer with its defaults, and ours, in turn on the same rows.

    BAKEOFF_DATA=... python benchmarks/pretrain_speed.py --objective clm --steps 40 --rounds 3

Text is wikitext2 (valid and test). Model, tokeniser, initial weights, packed rows, rows of a step,
number of steps and learning rate are the same; each arm trains in a process of its own, one after
the other, the order swapped from round to round. The Trainer keeps its defaults (fp32, AdamW,
linear decay, its collator for language modelling, which masks 15 % on the host); no dropout in
either, as in pre-training on text that is seen a few times; ours is
``training.pretraining`` with its own (bf16 where the machine's probe says so, cosine). Timed are
the steps after the first, by the wall clock and in CPU-seconds; loading and the first step are
not. The final loss is measured in both arms by the same net of ours on the same held-out rows.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

ARMS = ("trainer", "bakeoff")
GOAL = 2.0
HELD_OUT_ROWS = 64


@dataclass(frozen=True)
class Result:
    """What one fit took, and how good it was."""

    tokens_per_s: float
    tokens_per_cpu_s: float
    loss: float
    precision: str


@dataclass
class Clock:
    """Times the steps after the first."""

    marks: list[tuple[float, float]] = field(default_factory=list)

    def tick(self, _step: int = 0) -> None:
        """Take note that a step is done."""
        self.marks.append((time.perf_counter(), time.process_time()))

    def speeds(self, tokens_per_step: int) -> tuple[float, float]:
        """Return tokens a second and tokens a CPU-second."""
        tokens = (len(self.marks) - 1) * tokens_per_step
        wall, cpu = (self.marks[-1][i] - self.marks[0][i] for i in (0, 1))
        return tokens / wall, tokens / cpu


def main() -> int:
    """Run all rounds and print a table; return 1 if the median ratio is below the goal."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--objective", choices=("mlm", "clm"), default="mlm")
    parser.add_argument("--size", default="tiny", help="tiny, small or base")
    parser.add_argument("--steps", type=int, default=40)
    parser.add_argument("--batch-rows", type=int, default=32)
    parser.add_argument("--length", type=int, default=128)
    parser.add_argument("--vocabulary", type=int, default=8000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--arm", choices=ARMS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", help=argparse.SUPPRESS)
    parser.add_argument("--seed", type=int, default=0, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.arm:
        print(json.dumps(asdict(_measured(options))))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        options.folder = folder
        _prepare(options)
        return _rounds(options)


def _rounds(options: argparse.Namespace) -> int:
    tokens = options.batch_rows * options.length
    print(
        f"{options.objective}, {options.size}, vocabulary {options.vocabulary}, {options.steps} "
        f"steps of {tokens} tokens, {options.threads} thread(s)\n"
    )
    heads = ("tokens/s", "tokens/CPU-s", "held-out", "wall x", "CPU x")
    print(f"{'round':>5}  {'arm':<8}" + "".join(f"{head:>13}" for head in heads) + "  precision")
    walls, cpus = [], []
    for number in range(options.rounds):
        order = ARMS if number % 2 == 0 else ARMS[::-1]
        found = {arm: _in_a_process(arm, options, number) for arm in order}
        trainer, ours = (found[arm] for arm in ARMS)
        walls.append(ours.tokens_per_s / trainer.tokens_per_s)
        cpus.append(ours.tokens_per_cpu_s / trainer.tokens_per_cpu_s)
        for arm, r in found.items():
            ratios = f"{walls[-1]:13.2f}{cpus[-1]:13.2f}" if arm == "bakeoff" else " " * 26
            speed = f"{r.tokens_per_s:13,.0f}{r.tokens_per_cpu_s:13,.0f}{r.loss:13.4f}"
            print(f"{number + 1:>5}  {arm:<8}{speed}{ratios}  {r.precision}", flush=True)
    wall, cpu = statistics.median(walls), statistics.median(cpus)
    print(f"\nmedian ratio: {wall:.2f} by the clock, {cpu:.2f} in CPU-seconds (goal: {GOAL:g})")
    return 0 if cpu >= GOAL else 1


def _in_a_process(arm: str, options: argparse.Namespace, seed: int) -> Result:
    named = ("objective", "size", "steps", "batch_rows", "length", "vocabulary", "threads")
    command = [sys.executable, __file__, "--arm", arm, "--folder", options.folder]
    for name in named:
        command += [f"--{name.replace('_', '-')}", str(getattr(options, name))]
    threads = str(options.threads)
    done = subprocess.run(
        [*command, "--seed", str(seed)],
        env={**os.environ, "OMP_NUM_THREADS": threads, "TOKENIZERS_PARALLELISM": "false"},
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    return Result(**json.loads(done.stdout.splitlines()[-1]))


def _prepare(options: argparse.Namespace) -> None:
    """Write tokeniser and stream of tokens, once for all arms and rounds."""
    from bakeoff.apps.pretrain.settings import Settings
    from bakeoff.apps.pretrain.texts import documents
    from bakeoff.models.pretraining.packing import join
    from bakeoff.models.pretraining.tokenisers import train_tokeniser
    from bakeoff.models.tokenizing import plain_sequences

    causal = options.objective == "clm"
    data = Path(os.environ["BAKEOFF_DATA"]) / "wikitext2_valid_test"
    sources = tuple(str(data / name) for name in ("valid.txt.gz", "test.txt.gz"))
    texts = list(documents(Settings(sources, options.objective, split="lines")))
    tokenizer = train_tokeniser(
        texts, causal=causal, vocabulary=options.vocabulary, longest=options.length
    )
    tokenizer.save_pretrained(options.folder)
    end = tokenizer.eos_token_id if causal else tokenizer.sep_token_id
    stream = join(plain_sequences(tokenizer.backend_tokenizer.to_str(), texts), end)
    np.save(Path(options.folder) / "stream.npy", stream)


def _measured(options: argparse.Namespace) -> Result:
    """Train one arm in this process."""
    import torch
    from transformers import AutoTokenizer

    from bakeoff.models.encoders import quietly
    from bakeoff.models.pretraining.build import SIZES, make_model
    from bakeoff.training.packed_rows import packed_rows
    from bakeoff.training.pretraining import pretraining_net
    from bakeoff.training.seeds import seeded

    torch.set_num_threads(options.threads)
    with quietly():
        tokenizer = AutoTokenizer.from_pretrained(options.folder)
        with seeded(options.seed, "weights"):
            model = make_model(
                options.objective, SIZES[options.size], length=options.length, tokenizer=tokenizer
            )
        stream = np.load(Path(options.folder) / "stream.npy")
        held_out = HELD_OUT_ROWS * options.length
        rows = [
            packed_rows(
                options.objective, part, tokenizer, length=options.length, seed=0, fixed=fixed
            )
            for part, fixed in ((stream[held_out:], False), (stream[:held_out], True))
        ]
        chosen = np.arange(options.steps * options.batch_rows) % len(rows[0])
        clock = Clock()
        work = _trainer if options.arm == "trainer" else _bakeoff
        precision = work(options, model, tokenizer, rows[0], chosen, clock)
        net = pretraining_net(options.objective, model, tokenizer).eval()
        with torch.inference_mode():
            total = float(net(**rows[1].batch(np.arange(len(rows[1])))))
    speeds = clock.speeds(options.batch_rows * options.length)
    return Result(*speeds, total / len(rows[1]), precision)


def _bakeoff(
    options: argparse.Namespace, model: Any, tokenizer: Any, rows: Any, chosen: Any, clock: Clock
) -> str:
    from bakeoff.testing.context import context
    from bakeoff.training.fit import Hooks
    from bakeoff.training.pretraining import Packed, pretrain, pretraining_net
    from bakeoff.training.recipe import Recipe

    recipe = Recipe(
        epochs=1,
        learning_rate=1e-3,
        batch_rows=options.batch_rows,
        batch_tokens=options.batch_rows * options.length,
    )
    with tempfile.TemporaryDirectory() as scratch:
        around = context(Path(scratch), seed=options.seed, threads=options.threads)
        net = pretraining_net(options.objective, model, tokenizer)
        hooks = Hooks(after_step=clock.tick)
        trained = pretrain(net, Packed(Some(rows, chosen)), recipe, around, hooks=hooks)
    assert trained.steps == options.steps
    return trained.precision


@dataclass(frozen=True)
class Some:
    """Some of the rows, each perhaps several times."""

    rows: Any
    chosen: Any

    def __len__(self) -> int:
        return len(self.chosen)

    def lengths(self) -> Any:
        """Return the tokens of each."""
        return self.rows.lengths()[self.chosen]

    def batch(self, positions: Any) -> Any:
        """Return those at ``positions`` as tensors."""
        return self.rows.batch(self.chosen[positions])


def _trainer(
    options: argparse.Namespace, model: Any, tokenizer: Any, rows: Any, chosen: Any, clock: Clock
) -> str:
    from transformers import (
        DataCollatorForLanguageModeling,
        Trainer,
        TrainerCallback,
        TrainingArguments,
    )

    class Ticks(TrainerCallback):
        def on_step_end(self, *_: Any, **__: Any) -> None:
            clock.tick()

    causal = options.objective == "clm"
    tokens = rows.batch(chosen)["tokens"].tolist()
    # Rows are one token longer for a causal model of ours: it splits them into read and predicted.
    data = [{"input_ids": row[: options.length]} for row in tokens]
    with tempfile.TemporaryDirectory() as scratch:
        arguments = TrainingArguments(
            scratch,
            max_steps=options.steps,
            per_device_train_batch_size=options.batch_rows,
            learning_rate=1e-3,
            save_strategy="no",
            report_to="none",
            disable_tqdm=True,
            use_cpu=True,
            seed=options.seed,
        )
        trainer = Trainer(
            model,
            arguments,
            train_dataset=data,
            data_collator=DataCollatorForLanguageModeling(tokenizer, mlm=not causal),
            callbacks=[Ticks()],
        )
        trainer.train()
    assert math.isclose(trainer.state.global_step, options.steps)
    return "fp32"


if __name__ == "__main__":
    sys.exit(main())
