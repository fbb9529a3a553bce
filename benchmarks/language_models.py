"""GPT over bytes: a plain PyTorch loop, and ours, in turn on the same rows.

    BAKEOFF_DATA=... python benchmarks/language_models.py [FILE] --epochs 2 --rounds 1

The text (default: tinyshakespeare) is divided as `bakeoff run` divides it. Net, windows, windows of
a step and the number of passes are the same in both arms; the last fifth judges both, in the same
way. The plain loop is nanoGPT's in short: AdamW (betas .9 and .95, decay .1 of matrices), warm-up
over a twentieth, cosine down to a tenth, gradients clipped at 1, fp32. Its rate is chosen for it
among three on the validation stretch, at a quarter of the passes, which is not counted. Ours is
``gpt`` with its defaults. One thread; CPU-seconds of training alone.
"""

from __future__ import annotations

import argparse
import math
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

RATES = (5e-4, 1e-3, 3e-3)
LN2 = math.log(2)


@dataclass(frozen=True)
class Rows:
    """The text, divided."""

    train: Any
    valid: Any
    judged: Any
    column: str


@dataclass(frozen=True)
class Result:
    """What a fit cost, and how good it was."""

    cpu_s: float
    bits_per_byte: float
    nats_per_character: float


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--characters", type=int, help="of the text, at most")
    options = parser.parse_args()
    file = options.file
    if file is None:
        if not os.environ.get("BAKEOFF_DATA"):
            sys.exit("BAKEOFF_DATA is not set: name the folder that holds tinyshakespeare/")
        file = Path(os.environ["BAKEOFF_DATA"]) / "tinyshakespeare" / "input.txt.gz"
    rows = _divided(file, options.characters)
    rate = min(RATES, key=lambda each: _plain(rows, options.epochs / 4, each, 0, rows.valid)[1])
    print(
        f"{len(rows.train)} blocks to learn from, {options.epochs} passes; the plain rate: {rate}\n"
    )
    print(f"{'round':>5}  {'arm':<8}{'CPU-s':>8}{'bits/byte':>11}{'nats/character':>16}")
    for number in range(options.rounds):
        arms = ("plain", "bakeoff") if number % 2 == 0 else ("bakeoff", "plain")
        for arm in arms:
            found = (
                Result(*_plain(rows, options.epochs, rate, number, rows.judged))
                if arm == "plain"
                else _ours(rows, options.epochs, number)
            )
            print(
                f"{number + 1:>5}  {arm:<8}{found.cpu_s:>8.1f}{found.bits_per_byte:>11.3f}"
                f"{found.nats_per_character:>16.3f}",
                flush=True,
            )
    return 0


def _divided(file: Path, characters: int | None) -> Rows:
    from bakeoff.contenders.registry import make_contender
    from bakeoff.plan.compare import make_work
    from bakeoff.plan.make import make_plan
    from bakeoff.plan.options import make_options
    from bakeoff.protocol.splits import LOCKBOX, TRAIN
    from bakeoff.results.folder import RunFolder

    limit = None if characters is None else max(characters // 1024, 8)
    options = {"kind": "language-modelling", "contenders": ("gpt",), "limit": limit}
    planned = make_plan(file, make_options(options))
    work = make_work(planned, RunFolder(Path(tempfile.mkdtemp())), planned.plan)
    gpt, learn = make_contender("gpt"), work.splits.rows(TRAIN)
    train, valid = np.split(learn, [len(learn) * 9 // 10])
    judged = work.splits.rows(LOCKBOX)
    parts = [work.examples(gpt, each) for each in (train, valid, judged)]
    return Rows(*parts, work.task.inputs[0].name)


def _ours(rows: Rows, epochs: int, seed: int) -> Result:
    from bakeoff.contenders.registry import make_contender
    from bakeoff.testing.context import context

    gpt = make_contender(f"gpt@epochs={epochs}")
    began = time.process_time()
    fitted = gpt.fit(rows.train, rows.valid, context(seed=seed))
    cpu_s = time.process_time() - began
    return Result(cpu_s, *_judged(fitted, rows.judged, rows.column))


def _plain(
    rows: Rows, epochs: float, rate: float, seed: int, judged: Any
) -> tuple[float, float, float]:
    """Train the same net by a plain loop; return CPU-seconds, bits a byte, nats a character."""
    import torch
    from torch.nn import functional

    from bakeoff.contenders.nets.language_net import LanguageNetFitted
    from bakeoff.contenders.registry import make_contender
    from bakeoff.training.seeds import seeded
    from bakeoff.training.text_windows import stretches

    gpt = make_contender("gpt")
    torch.set_num_threads(1)
    with seeded(seed, "plain"):
        net = gpt.net().train()
    learn = stretches(rows.train.inputs.texts(rows.column), gpt.context)
    positions = np.arange(len(learn.rows))
    tokens = learn.rows.batch(positions)["tokens"].long()
    steps = max(1, round(epochs * len(positions) / gpt.batch_rows))
    matrices = [p for p in net.parameters() if p.ndim > 1]
    others = [p for p in net.parameters() if p.ndim <= 1]
    optimiser = torch.optim.AdamW(
        [{"params": matrices, "weight_decay": 0.1}, {"params": others, "weight_decay": 0.0}],
        lr=rate,
        betas=(0.9, 0.95),
    )
    draw = np.random.default_rng(seed)
    order = np.concatenate([draw.permutation(positions) for _ in range(math.ceil(epochs))])
    began = time.process_time()
    for step in range(steps):
        chosen = order[step * gpt.batch_rows : (step + 1) * gpt.batch_rows]
        done = step / steps
        share = min(1.0, (step + 1) / max(1, steps // 20))
        scale = share * (0.1 + 0.45 * (1 + math.cos(math.pi * done)))
        for group in optimiser.param_groups:
            group["lr"] = rate * scale
        logits = net(tokens[chosen])
        loss = functional.cross_entropy(logits.flatten(0, 1), learn.targets[chosen].flatten())
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
    cpu_s = time.process_time() - began
    fitted = LanguageNetFitted(rows.column, net.eval(), gpt.sees(), None)
    return (cpu_s, *_judged(fitted, judged, rows.column))


def _judged(fitted: Any, judged: Any, column: str) -> tuple[float, float]:
    """Return bits a byte and nats a character of the judged blocks."""
    from bakeoff.testing.context import context

    texts = judged.inputs.texts(column)
    nats = float(fitted.predict(judged.inputs, context()).nats.sum())
    return nats / LN2 / sum(len(text.encode()) for text in texts), nats / sum(map(len, texts))


if __name__ == "__main__":
    sys.exit(main())
