"""What pre-training on unlabelled text gives: score, and training time to an equal score.

    BAKEOFF_DATA=... python benchmarks/pretraining_gain.py --out gain

Text is wikitext2 (valid and test) and the sentences of sst2's training part without their labels.
At each size a model is pre-trained on it; then that model, and one of the same shape and tokeniser
with random weights, are fine-tuned on sst2's sentences, with as many passes and with more, judged
on the test split. `bakeoff.compare` makes the comparison: differences and words are this project's
paired statistics, whatever their sign. The second table asks how much training each needs: the
cheapest recipe from scratch that is not worse than the pre-trained one, or none of those tried.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sst2_rows import rows


@dataclass(frozen=True)
class Starts:
    """Where fine-tuning begins, at one size.

    Args:
        size: By name.
        pretrained: Folder.
        random: Folder.
        cpu_s: CPU-seconds of the pre-training.
        loss: Validation loss of it.
    """

    size: str
    pretrained: Path
    random: Path
    cpu_s: float
    loss: float


def main() -> int:
    """Pre-train, compare, print two tables for each size."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--out", default="gain", help="folder of checkpoints and runs")
    parser.add_argument("--sizes", nargs="+", default=["tiny", "small"])
    parser.add_argument("--epochs", type=int, default=6, help="passes of the pre-training")
    parser.add_argument("--documents", type=int, help="of the text, at most")
    parser.add_argument("--passes", type=int, nargs="+", default=[3, 9], help="of fine-tuning")
    parser.add_argument("--limit", type=int, help="labelled rows, at most")
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    out = Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    files = {name: _as_file(out, name) for name in ("train_sentences", "dev", "test")}
    for size in options.sizes:
        starts = _starts(out, size, options)
        _compare(starts, files, options)
    return 0


def _as_file(out: Path, name: str) -> Path:
    path = out / f"{name}.csv"
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        writer.writerow(["text", "label"])
        texts, labels = rows(name)
        writer.writerows(zip(texts, labels.tolist(), strict=True))
    return path


def _starts(out: Path, size: str, options: argparse.Namespace) -> Starts:
    """Pre-train at one size, and write the same model with random weights."""
    from transformers import AutoTokenizer

    from bakeoff.apps.pretrain.checkpoint import begin_model
    from bakeoff.apps.pretrain.run import pretrain_text
    from bakeoff.apps.pretrain.settings import Settings
    from bakeoff.models.encoders import quietly
    from bakeoff.models.pretraining.saving import save_checkpoint
    from bakeoff.training.seeds import seeded

    data = Path(os.environ["BAKEOFF_DATA"])
    wiki = [str(data / "wikitext2_valid_test" / f"{name}.txt.gz") for name in ("valid", "test")]
    text = out / "sentences.txt"
    text.write_text("\n".join(rows("train_sentences")[0]), encoding="utf-8")
    settings = Settings(
        (str(text), *wiki),
        "mlm",
        split="lines",
        size=size,
        epochs=options.epochs,
        documents=options.documents,
    )
    pretrained, random = out / f"{size}-pretrained", out / f"{size}-random"
    started = time.process_time()
    record = pretrain_text(settings, pretrained, threads=options.threads, log=_tell)
    taken = time.process_time() - started
    with quietly(), seeded(0, "random"):
        tokenizer = AutoTokenizer.from_pretrained(str(pretrained))
        save_checkpoint(random, begin_model(settings, tokenizer), tokenizer)
    return Starts(size, pretrained, random, taken, record.valid_loss or float("nan"))


def _compare(starts: Starts, files: dict[str, Path], options: argparse.Namespace) -> None:
    import bakeoff
    from bakeoff.contenders.registry import make_contender

    named = {
        f"hf@use=finetuned@epochs={passes}:{folder.resolve()}": (start, passes)
        for start, folder in (("pretrained", starts.pretrained), ("random", starts.random))
        for passes in options.passes
    }
    result = bakeoff.compare(
        str(files["train_sentences"]),
        target="label",
        valid=str(files["dev"]),
        test=str(files["test"]),
        contenders=[*named],
        folds=1,
        seeds=options.seeds,
        reference=make_contender(next(iter(named))).name,
        time="1h",
        limit=options.limit,
        out=str(starts.pretrained.parent / f"run-{starts.size}"),
    )
    _print(starts, result, list(named.values()))


def _print(starts: Starts, result: Any, order: list[tuple[str, int]]) -> None:
    """Print what came of one size: scores, paired differences, training times."""
    found = {row.name: row for row in result.analysis.rows}
    ours = [name for name in found if found[name].learns and not found[name].baseline]
    # In the plan's order, which is that of the contenders' names as they were given.
    planned = [record.name for record in result.plan.contenders if record.name in ours]
    labels = dict(zip(planned, order, strict=False))
    print(
        f"\n{starts.size}: pre-training took {starts.cpu_s:.0f} CPU-seconds in this process, "
        f"held-out loss {starts.loss:.3f}"
    )
    print(f"  {'start':<12}{'passes':>7}{'accuracy':>10}{'low':>8}{'high':>8}{'train s':>9}")
    for name, (start, passes) in labels.items():
        score, cost = found[name].score, found[name].cost
        if score is None:
            print(f"  {start:<12}{passes:>7}  {found[name].state}: {found[name].reason}")
            continue
        low, high = score.low or float("nan"), score.high or float("nan")
        print(
            f"  {start:<12}{passes:>7}{score.value:>10.4f}{low:>8.3f}{high:>8.3f}"
            f"{cost.train_s or 0:>9.1f}"
        )
    for comparison in result.analysis.comparisons:
        if comparison.name in labels and comparison.against in labels:
            one, other = labels[comparison.name], labels[comparison.against]
            gap = comparison.difference
            print(
                f"  {one[0]} x{one[1]} against {other[0]} x{other[1]}: {gap.value:+.4f} "
                f"[{gap.low:+.4f}, {gap.high:+.4f}], p {comparison.p_adjusted:.3f}: "
                f"{comparison.word}"
            )
    _equal_score(labels, found)


def _equal_score(labels: dict[str, tuple[str, int]], found: dict[str, Any]) -> None:
    """Print the cheapest random start that scores as well as the first pre-trained one."""
    scored = {
        labels[name]: (found[name].score.value, found[name].cost.train_s or 0.0)
        for name in labels
        if found[name].score is not None
    }
    goals = [(value, s) for (start, _), (value, s) in scored.items() if start == "pretrained"]
    if not goals:
        return
    goal, seconds = goals[0]
    reached = [
        s for (start, _), (value, s) in scored.items() if start == "random" and value >= goal
    ]
    told = f"{min(reached):.1f} s" if reached else "not reached by any tried"
    print(f"  to a score of {goal:.4f}: {seconds:.1f} s after pre-training, from scratch {told}")


def _tell(line: str) -> None:
    print(f"  {line}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
