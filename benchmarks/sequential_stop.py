"""Replay stored answers of a language model row by row: how many calls does the early stop save?

    BAKEOFF_DATA=... python benchmarks/sequential_stop.py --shuffles 1000

A replay shuffles the rows, shows the paired test (`statistics.sequential`) the answers in chunks of
50, and notes where it stops. *Stored* pairs: the language model's answers to sst2 rows against
models trained here. *Made* pairs: right or wrong with a gap and a share of rows on which the two
differ, exactly. *Tied* pairs: the false-stop rate; one is made of two trained models, by dropping
rows at random on which the better one alone is right.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import make_pipeline, make_union

from bakeoff.core.seeds import generator
from bakeoff.statistics.paired import mcnemar_mid_p
from bakeoff.statistics.sequential import e_values, right_or_wrong

if TYPE_CHECKING:
    from numpy.typing import NDArray

ALPHA = 0.05
CHUNK = 50
MADE = [(0, 0.1), (0, 0.2), (2, 0.1), (5, 0.1), (10, 0.2), (20, 0.3)]
"""Gap in points, share of rows on which the two differ."""


@dataclass(frozen=True, slots=True)
class Replays:
    """What happened over all shuffles of one pair."""

    rows: int
    asked: float
    stopped: float
    wrong_way: float
    fixed_p: float

    def line(self, name: str, differ: float, gap: float) -> str:
        """Return a row of the table."""
        return (
            f"| {name} | {self.rows:,} | {100 * gap:.1f} | {100 * differ:.0f} % "
            f"| {self.asked:,.0f} | {self.rows / self.asked:.1f} | {100 * self.stopped:.1f} % "
            f"| {100 * self.wrong_way:.1f} % | {self.fixed_p:.2g} |"
        )


def replay(differences: NDArray[np.float64], shuffles: int, name: str) -> Replays:
    """Shuffle and replay a pair."""
    rows, truth = len(differences), np.sign(differences.sum())
    asked, stopped, wrong = [], 0, 0
    for shuffle in range(shuffles):
        order = generator(0, "sequential-stop", name, shuffle).permutation(rows)
        shown = differences[order]
        crossed = np.flatnonzero(e_values(shown) >= 1 / ALPHA)
        if len(crossed):
            stopped += 1
            wrong += int(np.sign(shown[: crossed[0] + 1].sum()) != truth)
            asked.append(min(-(-(int(crossed[0]) + 1) // CHUNK) * CHUNK, rows))
        else:
            asked.append(rows)
    p = mcnemar_mid_p(int((differences > 0).sum()), int((differences < 0).sum()))
    return Replays(
        rows, float(np.mean(asked)), stopped / shuffles, wrong / shuffles if truth else 0.0, p
    )


def made(rows: int, gap: int, differ: float) -> NDArray[np.float64]:
    """Return differences with exactly this gap and this share of rows on which the two differ."""
    first = round(rows * (differ + gap / 100) / 2)
    second = round(rows * differ) - first
    return np.repeat([1.0, -1.0, 0.0], [first, second, rows - first - second])


def stored(data: Path) -> tuple[dict[str, NDArray[np.bool_]], NDArray[np.int64]]:
    """Return who is right on which row of the test split of sst2, and the rows with an answer."""
    train, labels = read(data / "sst2" / "train_sentences.tsv.gz")
    test, truth = read(data / "sst2" / "test.tsv.gz")
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)
    models = {
        "TF-IDF + linear": make_pipeline(
            make_union(words, letters), LogisticRegression(C=10, max_iter=1000)
        ),
        "naive Bayes": make_pipeline(TfidfVectorizer(), MultinomialNB()),
    }
    right = {
        name: np.array(model.fit(train, labels).predict(test)) == truth
        for name, model in models.items()
    }
    with (data / "llm_answers" / "sst2_test.tsv").open() as lines:
        answers = {int(row["row"]): row["answer"] for row in csv.DictReader(lines, delimiter="\t")}
    rows = np.array(sorted(answers), dtype=np.int64)
    llm = np.zeros(len(test), dtype=np.bool_)
    llm[rows] = [answers[row] == truth[row] for row in rows]
    return {"language model": llm, **right}, rows


def read(path: Path) -> tuple[list[str], NDArray[np.str_]]:
    """Return texts and labels of one split."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [row["text"] for row in rows], np.array([row["label"] for row in rows])


def tie(differences: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the differences without the rows that make one side the better one."""
    surplus = int(differences.sum())
    extra = np.flatnonzero(differences == np.sign(surplus))
    return np.delete(differences, generator(0, "tie").permutation(extra)[: abs(surplus)])


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shuffles", type=int, default=1_000)
    arguments = parser.parse_args()
    print(
        "| pair | rows | gap, points | rows that differ | rows asked, mean | calls saved, times "
        "| stopped | wrong way | p, all rows |\n|---|---|---|---|---|---|---|---|---|"
    )
    pairs: dict[str, NDArray[np.float64]] = {}
    for rows in (500, 2_000):
        for gap, differ in MADE:
            pairs[f"made, {gap} points, {rows}, {differ}"] = made(rows, gap, differ)
    if data := os.environ.get("BAKEOFF_DATA"):
        right, answered = stored(Path(data))
        names = list(right)
        for name in names[1:]:
            pairs[f"stored, language model and {name}"] = right_or_wrong(
                right[names[0]][answered], right[name][answered]
            )
        both = right_or_wrong(right[names[1]], right[names[2]])
        pairs[f"stored, {names[1]} and {names[2]}"] = both
        pairs[f"stored, {names[1]} and {names[2]}, tied"] = tie(both)
    for name, differences in pairs.items():
        found = replay(differences, arguments.shuffles, name)
        differ, gap = np.abs(differences).mean(), abs(differences.mean())
        print(found.line(name.rsplit(",", 2)[0] if "made" in name else name, differ, gap))


if __name__ == "__main__":
    main()
