"""Decision pages with a prompted model on public data, its stored answers behind a real server.

    BAKEOFF_DATA=... python benchmarks/prompted.py [NAME...] [--out FOLDER]

For sst2, banking77, trec6, stsb and waimai_10k a replay server on this machine answers what a large
language model had answered (``llm_answers/``), and `bakeoff run` asks it as it would ask any
endpoint: beside twelve trained contenders, each trained once, a cascade that sends on to it, and a
student that was taught by the frozen encoder. The test part is the rows that have such an answer.
The few training rows that choose the prompt have none: they are answered with their labels, so that
nothing is learned about wordings here. The model is then compared a second time in another folder,
without the trained ones, which must ask nothing. Printed are seconds, calls of either time, and the
choice.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bakeoff.models.prompting.encoding import decoded_row
from bakeoff.testing.replay_server import ReplayServer, message_text

PRICE = "2.5/10"
"""Dollars per million tokens; an example, the true price is not recorded."""
TRAINED = (
    "ngram-linear,ngram-lm,bm25-knn,word2vec-linear,encoder-static,encoder-frozen,"
    "encoder-finetuned,text-cnn,rnn,lstm,gru,transformer"
)
PAIRS = (
    "pair-linear,ngram-linear,bm25-knn,word2vec-linear,encoder-static,encoder-frozen,"
    "encoder-finetuned,text-cnn,rnn,lstm,gru,transformer"
)


@dataclass(frozen=True)
class Case:
    """A set: files of rows to learn from and of answered rows, and what is predicted."""

    train: tuple[str, ...]
    answered: str
    answers: str
    texts: tuple[str, ...] = ("text",)
    target: str = "label"
    kind: str = "classification"
    contenders: str = TRAINED
    small: str = "ngram-linear"


CASES = {
    "sst2": Case(("sst2/train_sentences.tsv.gz",), "sst2/test.tsv.gz", "sst2_test.tsv"),
    "banking77": Case(
        ("banking77/train.tsv.gz",), "banking77/test.tsv.gz", "banking77_test.tsv"
    ),
    "trec6": Case(("trec6/train.tsv.gz",), "trec6/test.tsv.gz", "trec6_test.tsv"),
    "stsb": Case(
        ("stsb/train.tsv.gz", "stsb/dev.tsv.gz"), "stsb/test.tsv.gz", "stsb_test.tsv",
        ("sentence1", "sentence2"), "score", "regression",
        PAIRS, "pair-linear",
    ),
    "waimai_10k": Case((), "waimai_10k/all.tsv.gz", "waimai_all.tsv"),
}  # fmt: skip


def main() -> int:
    """Make the pages and print a table; return 1 if a repeated run asked anything."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("names", nargs="*", default=list(CASES))
    parser.add_argument("--out", type=Path, default=Path("prompted"))
    options = parser.parse_args()
    if not os.environ.get("BAKEOFF_DATA"):
        sys.exit("BAKEOFF_DATA is not set: name the folder that holds sst2/ and llm_answers/")
    print(f"{'set':<12}{'seconds':>8}{'calls':>7}{'again':>7}  choice, and the model's score")
    again = 0
    for name in options.names:
        calls, repeated, seconds, said = _compare(name, CASES[name], options.out)
        again += repeated
        print(f"{name:<12}{seconds:>8.0f}{calls:>7}{repeated:>7}  {said}", flush=True)
    return int(again > 0)


def _compare(name: str, case: Case, out: Path) -> tuple[int, int, float, str]:
    train, test, known = _divided(case)
    with tempfile.TemporaryDirectory() as folder, ReplayServer(_answerer(case, known)) as server:
        place = Path(folder)
        paths = [_write(place / f"{part}.csv", rows) for part, rows in (("a", train), ("b", test))]
        command = [
            sys.executable, "-m", "bakeoff", "run", str(paths[0]), "--test", str(paths[1]),
            "--target", case.target, "--kind", case.kind, "--folds", "1", "--seeds", "1", "--json",
            *(word for text in case.texts for word in ("--text", text)),
            "--contenders", f"{case.contenders},distilled:encoder-frozen>{case.small}",
            "--llm", f"replay@{server.base_url}",
            "--contenders", f"cascade:{case.small}>llm:replay@{server.base_url}",
            "--llm-price", PRICE, "--name", name,
        ]  # fmt: skip
        environment = {**os.environ, "BAKEOFF_CACHE": str(place / "store")}
        began = time.perf_counter()
        analysis = _run([*command, "--out", str(out / name)], environment)
        seconds, calls = time.perf_counter() - began, server.usage.calls
        again = [*command, "--exclude", case.contenders, "--out", str(place / "again")]
        _run(again, environment)
        row = next(r for r in analysis["rows"] if r["name"].startswith("llm:"))
        said = f"{analysis['verdict']['choice'].split('@')[0]}; {row['score']['value']:.3f}"
        return calls, server.usage.calls - calls, seconds, said


def _run(command: list[str], environment: dict[str, str]) -> dict[str, object]:
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=False)
    if done.returncode not in (0, 3):
        raise SystemExit(done.returncode)
    found = json.loads(done.stdout)
    return dict(found.get("analysis", found))


def _divided(
    case: Case,
) -> tuple[list[dict[str, str]], list[dict[str, str]], dict[tuple[str, ...], str]]:
    """Return rows to learn from, rows that have an answer, and what is answered to which texts."""
    root = Path(os.environ["BAKEOFF_DATA"])
    rows = _rows(root / case.answered)
    with (root / "llm_answers" / case.answers).open(encoding="utf-8", newline="") as handle:
        given = {int(r["row"]): r["answer"] for r in csv.DictReader(handle, delimiter="\t")}
    test = [rows[number] for number in sorted(given)]
    train = [row for path in case.train for row in _rows(root / path)]
    train = train or [row for number, row in enumerate(rows) if number not in given]
    key = case.texts
    known = {tuple(row[k] for k in key): row[case.target] for row in train}
    known |= {tuple(rows[n][k] for k in key): answer for n, answer in given.items()}
    return [_kept(case, r) for r in train], [_kept(case, r) for r in test], known


def _kept(case: Case, row: dict[str, str]) -> dict[str, str]:
    return {name: row[name] for name in (*case.texts, case.target)}


def _rows(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle, delimiter="\t"))


def _write(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def _answerer(case: Case, known: dict[tuple[str, ...], str]):  # noqa: ANN202 - of the server
    def answer(messages: list[dict[str, object]]) -> str | None:
        row = decoded_row(message_text(messages[-1]))
        return known.get(tuple(str(row[name]) for name in case.texts))

    return answer


if __name__ == "__main__":
    sys.exit(main())
