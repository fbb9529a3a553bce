"""Small examples of every shape, and a context that scores nothing."""

from __future__ import annotations

import csv
import gzip
import io
import os
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from PIL import Image

from bakeoff.contenders.base import Budget, Context
from bakeoff.core.store import Store
from bakeoff.data.columns import Column, ColumnType
from bakeoff.data.inputs import Inputs
from bakeoff.tasks.examples import Examples
from bakeoff.tasks.spec import TaskSpec


class NoMeter:
    def add(self, unit, amount):
        pass


@pytest.fixture
def context(tmp_path):
    root = tmp_path / "context"
    (root / "scratch").mkdir(parents=True)
    return Context(
        budget=Budget(),
        seed=0,
        device="cpu",
        threads=1,
        scratch=root / "scratch",
        features=Store(root, "features"),
        answers=Store(root, "answers"),
        meter=NoMeter(),
        score=lambda predictions, rows: 0.0,
        fit=lambda part, train, valid: part.fit(train, valid, None),
        log=lambda line: None,
        note=lambda line: None,
    )


def build_examples(columns, types, targets, kind="classification", classes=None):
    """Return examples from plain lists; ``types`` maps a column to its type."""
    if kind == "classification":
        classes = tuple(classes or sorted(set(targets)))
        encoded = np.asarray([classes.index(t) for t in targets], dtype=np.int32)
    else:
        classes = ()
        encoded = np.asarray(targets, dtype=np.float64)
    described = tuple(Column(name, ColumnType(types[name])) for name in columns)
    metric = "accuracy" if kind == "classification" else "mse"
    task = TaskSpec(kind, described, "target", (metric,), classes)
    table = pa.table(columns)
    return Examples(task, Inputs(np.arange(len(targets)) + 100, table, described), encoded)


@pytest.fixture
def examples():
    return build_examples


@pytest.fixture
def reviews():
    """Return 120 short texts of three classes, a word or two of each class in most of them."""
    rng = np.random.default_rng(0)
    words = {"bad": ["awful", "slow", "cold"], "good": ["lovely", "quick", "warm"], "so": ["meh"]}
    common = ["the", "food", "was", "very", "and", "service", "it", "here", "we"]
    texts, labels = [], []
    for i in range(120):
        label = ["bad", "good", "so"][i % 3]
        chosen = list(rng.choice(common, 4)) + list(rng.choice(words[label], 1))
        rng.shuffle(chosen)
        texts.append(" ".join(chosen))
        labels.append(label)
    return build_examples({"text": texts}, {"text": "text"}, labels)


@pytest.fixture
def pictures():
    """Return 120 small pictures of three classes: a bright square in one of three corners."""
    rng = np.random.default_rng(0)
    encoded, labels = [], []
    for i in range(120):
        values = rng.integers(0, 90, (12, 12, 3), dtype=np.uint8)
        down, right = [(0, 0), (0, 8), (8, 0)][i % 3]
        values[down : down + 4, right : right + 4] += 150
        buffer = io.BytesIO()
        Image.fromarray(values).save(buffer, "PNG")
        encoded.append(buffer.getvalue())
        labels.append("abc"[i % 3])
    return build_examples({"image": encoded}, {"image": "image"}, labels)


@pytest.fixture
def pairs():
    """Return 120 pairs of texts that say the same or not."""
    rng = np.random.default_rng(0)
    words = np.asarray(list("abcdefghijklmn"))
    first, second, labels = [], [], []
    for i in range(120):
        chosen = rng.choice(words, 6, replace=False)
        other = chosen.copy() if i % 2 else rng.choice(words, 6, replace=False)
        rng.shuffle(other)
        first.append(" ".join(chosen))
        second.append(" ".join(other))
        labels.append(["no", "yes"][i % 2])
    return build_examples({"a": first, "b": second}, {"a": "text", "b": "text"}, labels)


@pytest.fixture
def mixed():
    """Return 120 rows of three classes with numbers, dates, categories and texts, some missing."""
    rng = np.random.default_rng(0)
    labels = ["abc"[i % 3] for i in range(120)]
    number = np.arange(120) % 3 + rng.normal(0, 0.1, 120)
    columns = {
        "number": pa.array(number, mask=rng.random(120) < 0.1),
        "empty": pa.nulls(120, pa.float64()),
        "date": pa.array(rng.integers(0, 10**9, 120), pa.timestamp("s")),
        "colour": pa.array(rng.choice(["red", "blue"], 120), mask=rng.random(120) < 0.1),
        "note": [f"{'great ' * (i % 3)}note" for i in range(120)],
    }
    types = {
        "number": "number",
        "empty": "number",
        "date": "date",
        "colour": "category",
        "note": "text",
    }
    return build_examples(columns, types, labels)


@pytest.fixture
def data_rows():
    """Return a reader of a real set's rows; the test is skipped where the data is absent."""
    folder = os.environ.get("BAKEOFF_DATA")
    if not folder:
        pytest.skip("BAKEOFF_DATA is not set")

    def read(name):
        with gzip.open(Path(folder) / name, "rt", encoding="utf-8", newline="") as handle:
            return list(csv.DictReader(handle, delimiter="\t"))

    return read
