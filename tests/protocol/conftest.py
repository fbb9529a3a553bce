"""Small runs, planned for real, with a contender that makes the trouble it is asked for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bakeoff.plan.compare import make_work
from bakeoff.plan.make import make_plan
from bakeoff.plan.options import make_options
from bakeoff.protocol.engines.inprocess import InProcessEngine
from bakeoff.protocol.runner import Runner
from bakeoff.results.folder import RunFolder, write_table
from bakeoff.results.records import Cell, CellRecord, Cost
from bakeoff.statistics import resampling
from bakeoff.tasks.predictions import Predictions
from bakeoff.testing.packages import pretend_installed

FOLDS = 3
SOURCE = Path(__file__).with_name("troublemakers.py")


@pytest.fixture(scope="session", autouse=True)
def trouble(tmp_path_factory):
    """Make the contender ``trouble`` known by name, to workers too."""
    folder = tmp_path_factory.mktemp("packages")
    modules = {"troublemakers": SOURCE.read_text()}
    names = {"trouble": "troublemakers:Trouble", "paid": "troublemakers:Paid"}
    with pretend_installed(folder, modules, names):
        yield


@pytest.fixture(scope="module", autouse=True)
def quick():
    """Draw fewer resamples: no test here is about their precision. It ends with each file."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(resampling, "RESAMPLES", 1_000)
        yield


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("BAKEOFF_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def texts(rows, classes):
    """Return texts whose last word is their class."""
    rng = np.random.default_rng(0)
    labels = [classes[i % len(classes)] for i in rng.permutation(rows)]
    return [f"{'word' * (i % 5)} number {i} is {label}" for i, label in enumerate(labels)], labels


def build_work(root, *contenders, rows=120, answers=None, given=(), evidence="oof", **options):
    """Return a run that is planned and written, ready for an engine.

    Args:
        root: Run folder.
        contenders: Specs.
        rows: How many.
        answers: Function from (row number, label) to the answer given elsewhere, or None.
        given: Contenders as Python objects.
        evidence: What decides.
        options: See `plan.options`.
    """
    shown, labels = texts(rows, options.pop("classes", ("a", "b")))
    frame = pd.DataFrame({"text": shown, "label": labels})
    asked = {"target": "label", "text": ("text",), "contenders": contenders or ("trouble",)}
    if answers is not None:
        frame["llm"] = [answers(i, label) for i, label in enumerate(labels)]
        asked["answers"] = ("llm",)
    options = {"folds": FOLDS, "seeds": 1, **asked, **options}
    planned = make_plan(frame, make_options(options), given=given)
    plan = replace(planned.plan, splits=replace(planned.plan.splits, evidence=evidence))
    return make_work(planned, RunFolder(root), plan)


@pytest.fixture
def make_run(tmp_path):
    """Return `build_work` bound to a run folder."""

    def build(*contenders, folder="run", **options):
        return build_work(tmp_path / folder, *contenders, **options)

    return build


class Ears:
    """A listener that remembers, and may stop the run."""

    def __init__(self, stop_after=None):
        self.cells, self.phases, self.tables, self.begun = [], [], [], []
        self.stop_after = stop_after

    def started(self, cells, done):
        self.begun.append((cells, done))

    def phase(self, name):
        self.phases.append(name)

    def cell(self, record):
        self.cells.append(record)
        if self.stop_after is not None and len(self.cells) >= self.stop_after:
            raise KeyboardInterrupt

    def table(self, scores):
        self.tables.append(scores)


@pytest.fixture(scope="session")
def carry_out():
    """Return a function that runs a plan in this process; it returns the ending and the ears."""

    def go(work, stop_after=None, time_limit_s=600.0):
        ears = Ears(stop_after)
        engine = InProcessEngine(threads=1)
        ending = Runner(work, engine, engine, ears, time_limit_s).run()
        return ending, ears

    return go


@pytest.fixture
def write_cell():
    """Return a function that writes predictions as an engine would, and returns their record."""

    def write(work, name, stage, rows, codes, *, fold=0, status=None, usage=None):
        contender = next(c for c in work.plan.contenders if c.name == name)
        cell = Cell(name, stage, 0, fold, contender.seeds[0] if contender.learns else 0)
        path = work.folder.cell_file(cell)
        predictions = Predictions.of_labels(rows, codes, status=status, usage=usage)
        digest = write_table(path, predictions.table)
        file = str(path.relative_to(work.folder.root))
        cost = Cost(cpu_s_per_row=1e-6)
        return CellRecord(cell, "done", "", 1, cost, file, digest, "then", "now")

    return write


@pytest.fixture
def write_folds(write_cell):
    """Return a function that writes what a contender predicts for every row, out of fold."""

    def write(work, name, codes):
        held_out = [work.splits.fold_rows(0, fold)[1] for fold in range(FOLDS)]
        return [
            write_cell(work, name, "fold", rows, codes[rows], fold=fold)
            for fold, rows in enumerate(held_out)
        ]

    return write


@pytest.fixture(scope="session")
def build():
    """Return `build_work`, for fixtures that outlive one test."""
    return build_work
