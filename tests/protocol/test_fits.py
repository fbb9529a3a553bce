"""Remembered fits: the same as new ones, at their recorded price."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pyarrow.parquet as pq
import pytest

from bakeoff.contenders.registry import make_contender
from bakeoff.protocol.engines.inprocess import make_executor, run_cell
from bakeoff.protocol.fits import FitMemory, part_names
from bakeoff.results.records import Cell
from bakeoff.tasks.predictions import Predictions
from bakeoff.testing.context import context as make_context


@pytest.fixture
def rows(make_run):
    work = make_run("trouble")
    contender = work.contender("trouble")
    learn, held_out = work.splits.fold_rows(0, 0)
    return work, work.examples(contender, learn), work.inputs(contender, held_out)


@pytest.fixture
def context(tmp_path):
    return make_context(tmp_path / "context")


def fits_made(context):
    path = context.features.root / "fits"
    return path.read_text().count("\n") if path.exists() else 0


def test_a_remembered_fit_predicts_as_a_new_one(rows, context, tmp_path):
    _, train, inputs = rows
    contender = make_contender("ngram-linear")
    plain = contender.fit(train, None, context).predict(inputs, context)
    for _ in range(2):
        memory = FitMemory(tmp_path / "fits", frozenset({"ngram-linear"}))
        found = memory.fit(contender, train, None, context).predict(inputs, context)
        np.testing.assert_allclose(found.probabilities, plain.probabilities, atol=1e-6)


def test_a_fit_is_made_once_and_charged_each_time(rows, context, tmp_path):
    _, train, _ = rows
    contender = make_contender("trouble")
    memory = FitMemory(tmp_path / "fits", frozenset({"trouble"}))
    memory.fit(contender, train, None, context)
    assert memory.charged_s == 0
    (cost,) = (json.loads(p.read_text())["cpu_s"] for p in tmp_path.glob("fits/*/cost.json"))
    other = FitMemory(tmp_path / "fits", frozenset({"trouble"}))
    other.fit(contender, train, None, context)
    other.fit(contender, train, None, context)
    assert fits_made(context) == 1
    assert other.charged_s == pytest.approx(2 * cost)


@pytest.mark.parametrize("change", ["rows", "valid", "settings", "budget"])
def test_another_question_is_another_fit(rows, context, tmp_path, change):
    _, train, _ = rows
    names = frozenset({"trouble", "trouble@right=0.5"})
    memory = FitMemory(tmp_path / "fits", names)
    memory.fit(make_contender("trouble"), train, None, context)
    part = train.take(range(10))
    asked = {
        "rows": ("trouble", part, None, context),
        "valid": ("trouble", train, part, context),
        "settings": ("trouble@right=0.5", train, None, context),
        "budget": (
            "trouble",
            train,
            None,
            replace(context, budget=replace(context.budget, steps=3)),
        ),
    }[change]
    memory.fit(make_contender(asked[0]), *asked[1:])
    assert fits_made(context) == 2


def test_the_seed_of_a_deterministic_contender_does_not_matter(rows, context, tmp_path):
    _, train, _ = rows
    memory = FitMemory(tmp_path / "fits", frozenset({"trouble"}))
    for seed in (1, 2):
        memory.fit(make_contender("trouble"), train, None, replace(context, seed=seed))
    assert fits_made(context) == 1


def test_only_parts_of_others_are_remembered(rows, context, tmp_path):
    _, train, _ = rows
    memory = FitMemory(tmp_path / "fits", frozenset())
    for _ in range(2):
        memory.fit(make_contender("trouble"), train, None, context)
    assert fits_made(context) == 2
    assert not (tmp_path / "fits").exists()


def test_what_cannot_be_saved_is_remembered_here_alone(rows, context, tmp_path):
    _, train, _ = rows
    contender = make_contender("trouble@how=unsavable")
    memory = FitMemory(tmp_path / "fits", frozenset({contender.name}))
    for _ in range(2):
        memory.fit(contender, train, None, context)
    assert fits_made(context) == 1
    FitMemory(tmp_path / "fits", frozenset({contender.name})).fit(contender, train, None, context)
    assert fits_made(context) == 2
    assert not list((tmp_path / "fits").iterdir())


@pytest.mark.parametrize("file", ["cost.json", "model/model.json", "model/trouble.json"])
def test_a_damaged_memory_is_a_new_fit(rows, context, tmp_path, file):
    _, train, _ = rows
    for _ in range(2):
        memory = FitMemory(tmp_path / "fits", frozenset({"trouble"}))
        memory.fit(make_contender("trouble"), train, None, context)
        (kept,) = (tmp_path / "fits").iterdir()
        (kept / file).write_text("{")
    assert fits_made(context) == 2


def test_parts_of_parts_are_parts():
    vote = make_contender("vote:majority+(vote:ngram-linear+bm25-knn)")
    names = part_names([vote, make_contender("trouble")])
    assert {"majority", "ngram-linear", "bm25-knn"} < names
    assert vote.name not in names
    assert "trouble" not in names


def test_a_combined_contender_predicts_the_same_with_and_without_memory(make_run):
    spec = "vote:ngram-linear+bm25-knn"
    codes = []
    for folder, contenders in (("alone", (spec,)), ("beside", ("bm25-knn", "ngram-linear", spec))):
        work = make_run(*contenders, folder=folder)
        executor = make_executor(work, threads=1)
        for name in contenders:
            seed = next(c.seeds[0] for c in work.plan.contenders if c.name == name)
            record = run_cell(executor, Cell(name, "fold", 0, 0, seed), "here")
        assert record.state == "done", record.reason
        codes.append(Predictions(pq.read_table(work.folder.root / record.file)).probabilities)
        assert record.cost.train_s >= record.cost.spent_s
    np.testing.assert_allclose(codes[0], codes[1], atol=1e-6)
