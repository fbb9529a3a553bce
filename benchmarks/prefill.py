"""Tokens that a local language model reads with the prompt's beginning kept, and without.

    BAKEOFF_DATA=... python benchmarks/prefill.py [--model FOLDER] [--rows N]

On sst2 and banking77, with the shipped wording ``described`` and 8 examples in all (banking77 has
77 classes: one of each would make the prompt longer and the saving larger). Counted, not timed.
``prompts`` are the tokens before the answers, each row's prompt read whole once against the
beginning kept; ``all`` adds the tokens of the answers, read for every row in both; ``plain`` reads
prompt and answer anew for every label, as a plain loop does. Both ways' answers are compared on
some rows. Without ``--model`` it is a GPT-2 with random weights and a tokenizer learned from the
rows: what is counted depends on the tokenizer alone. Returns 1 if less than 5 times is saved of the
prompts, or an answer differs.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import os
import sys
import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa

from bakeoff.contenders.prompted.kept import KeptPrompt
from bakeoff.contenders.prompted.local import LocalLlm
from bakeoff.contenders.prompted.local_fitted import LocalPrompt
from bakeoff.data.columns import Column, ColumnType
from bakeoff.data.inputs import Inputs
from bakeoff.models.causal_source import find_causal
from bakeoff.models.prompting.shots import random_shots
from bakeoff.models.prompting.wording import load_wording
from bakeoff.tasks.examples import Examples
from bakeoff.tasks.spec import TaskSpec
from bakeoff.training.causal_scores import TOLERANCE, Questions, answer_scores

SHOTS = 8
WORDING = "described"
AT_LEAST = 5.0
END = "<|endoftext|>"
HERE = {"device": "cpu", "threads": 1}
SETS = {"sst2": "sst2/{}.tsv.gz", "banking77": "banking77/{}.tsv.gz"}
TRAIN = {"sst2": "train_sentences", "banking77": "train"}


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--model", type=Path)
    parser.add_argument("--rows", type=int, default=500)
    parser.add_argument("--compared", type=int, default=10, help="rows scored both ways")
    options = parser.parse_args()
    if not os.environ.get("BAKEOFF_DATA"):
        sys.exit("BAKEOFF_DATA is not set: name the folder that holds sst2/ and banking77/")
    print(f"{'set':<11}{'rows':>5}{'classes':>8}{'beginning':>10}{'prompts kept':>14}"
          f"{'whole':>9}{'saved':>7}{'all kept':>10}{'whole':>9}{'saved':>7}{'plain':>12}"
          "  saved  same answers, difference")  # fmt: skip
    failed = False
    with tempfile.TemporaryDirectory() as place:
        for name in SETS:
            train, test = _examples(name, "train"), _examples(name, "test")
            test = test.take(np.arange(min(options.rows, len(test))))
            folder = options.model or _random_gpt2(Path(place) / name, train)
            failed |= _counted(name, folder, train, test, options.compared)
    return int(failed)


def _counted(name: str, folder: Path, train: Examples, test: Examples, compared: int) -> bool:
    shown = train.take(random_shots(len(train), SHOTS, 0))
    kept = KeptPrompt(load_wording(WORDING), shown.inputs, tuple(shown.targets), None)
    prompt = LocalPrompt(LocalLlm(str(folder)), kept, train.task, find_causal(str(folder)))
    asked = prompt.questions(test.inputs)
    beginning = len(asked.prefix)
    shared = int(asked.shared_tokens().sum()) + beginning
    whole, plain = int(asked.whole_tokens().sum()), int(asked.plain_tokens().sum())
    answers = asked.tree.n_nodes * len(test)
    saved = (whole - answers) / (shared - answers)
    few = Questions(asked.prefix, asked.rows[:compared], asked.tree)
    ways = [answer_scores(prompt.model(), few, **HERE, cached=kept) for kept in (True, False)]
    same = int((ways[0].argmax(axis=1) == ways[1].argmax(axis=1)).sum())
    difference = float(np.abs(ways[0] - ways[1]).max())
    print(f"{name:<11}{len(test):>5}{len(test.task.classes):>8}{beginning:>10,}"
          f"{shared - answers:>14,}{whole - answers:>9,}{saved:>6.1f}x{shared:>10,}{whole:>9,}"
          f"{whole / shared:>6.1f}x{plain:>12,}{plain / shared:>6.0f}x"
          f"  {same} of {compared}, {difference:.0e}", flush=True)  # fmt: skip
    return saved < AT_LEAST or same < compared or difference > TOLERANCE


def _examples(name: str, part: str) -> Examples:
    path = SETS[name].format(TRAIN[name] if part == "train" else part)
    file = Path(os.environ["BAKEOFF_DATA"]) / path
    with gzip.open(file, "rt", encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle, delimiter="\t"))
    classes = tuple(sorted({row["label"] for row in rows}))
    column = Column("text", ColumnType.TEXT)
    task = TaskSpec("classification", (column,), "label", ("accuracy",), classes)
    table = pa.table({"text": pa.array([row["text"] for row in rows], pa.large_string())})
    inputs = Inputs(np.arange(len(rows), dtype=np.int64), table, (column,))
    codes = np.array([classes.index(row["label"]) for row in rows], dtype=np.int32)
    return Examples(task, inputs, codes)


def _random_gpt2(folder: Path, train: Examples) -> Path:
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers
    from transformers import GPT2Config, GPT2LMHeadModel, PreTrainedTokenizerFast

    from bakeoff.models.encoders import quietly
    from bakeoff.training.seeds import seeded

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=8_000,
        special_tokens=[END],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    texts = [*train.inputs.texts("text"), *train.task.classes, load_wording(WORDING).source]
    tokenizer.train_from_iterator(texts, trainer)
    shape = {"n_embd": 64, "n_layer": 2, "n_head": 4, "n_positions": 4096}
    with seeded(0, "prefill"), quietly():
        GPT2LMHeadModel(
            GPT2Config(vocab_size=tokenizer.get_vocab_size(), initializer_range=0.2, **shape)
        ).save_pretrained(folder)
        PreTrainedTokenizerFast(
            tokenizer_object=tokenizer, eos_token=END, model_max_length=4096
        ).save_pretrained(folder)
    return folder


if __name__ == "__main__":
    sys.exit(main())
