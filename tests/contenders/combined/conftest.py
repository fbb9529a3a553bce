"""Parts that do what a test says, so that what is combined can be predicted by hand."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pytest

from bakeoff.contenders.base import Card, Contender, Fitted
from bakeoff.contenders.registry import CONTENDERS
from bakeoff.core.errors import ContenderError
from bakeoff.data.columns import Column, ColumnType
from bakeoff.data.inputs import Inputs
from bakeoff.tasks.examples import Examples
from bakeoff.tasks.predictions import Predictions
from bakeoff.tasks.spec import TaskSpec
from bakeoff.testing import context as make_context
from bakeoff.tuning.space import Choice

KINDS = frozenset({"classification", "regression"})


@dataclass(frozen=True)
class Script(Contender):
    """Predicts what its number column says: ``x`` >= 0.5 is class 1 with probability ``x``.

    NaN in the column: no prediction. ``flip`` predicts the opposite; ``add`` shifts numbers.
    """

    card: ClassVar[Card] = Card(
        name="script",
        family="test",
        summary="Does what the column says",
        kinds=KINDS,
        reads=frozenset({ColumnType.NUMBER}),
        abilities=frozenset({"probabilities"}),
    )
    column: str = "x"
    flip: bool = False
    add: float = 0.0

    def fit(self, train, valid, context):
        if self.add < 0:
            raise ContenderError("it cannot add less than nothing")
        return FittedScript(self, train.task, frozenset(train.inputs.ids.tolist()))

    def load(self, folder, task):
        seen = json.loads((folder / "seen.json").read_text())
        return FittedScript(self, task, frozenset(seen))


@dataclass(frozen=True)
class FittedScript(Fitted):
    script: Script
    task: TaskSpec
    seen: frozenset[int]

    def predict(self, inputs, context):
        assert not inputs.named(ColumnType.ANSWER), "a part was shown another's answers"
        x = inputs.numbers(self.script.column)
        if not self.task.classes:
            return Predictions.of_numbers(inputs.ids, x + self.script.add)
        missing = np.isnan(x)
        chance = np.where(missing, 0.5, 1 - x if self.script.flip else x)
        codes = np.where(missing, -1, (chance >= 0.5).astype(int))
        return Predictions.of_labels(inputs.ids, codes, np.column_stack([1 - chance, chance]))

    def save(self, folder):
        (folder / "seen.json").write_text(json.dumps(sorted(self.seen)))


@dataclass(frozen=True)
class Memory(Contender):
    """Knows the target of every row that it was fitted on, and says 0 for others."""

    card: ClassVar[Card] = Card(
        name="memory",
        family="test",
        summary="Knows its rows again",
        kinds=KINDS,
        abilities=frozenset({"confidence"}),
        deterministic=False,
    )

    def fit(self, train, valid, context):
        pairs = zip(train.inputs.ids.tolist(), train.targets.tolist(), strict=True)
        return FittedMemory(train.task, dict(pairs))

    def load(self, folder, task):
        raise NotImplementedError


@dataclass(frozen=True)
class FittedMemory(Fitted):
    task: TaskSpec
    seen: dict[int, int]

    def predict(self, inputs, context):
        known = np.array([self.seen.get(i, 0) for i in inputs.ids.tolist()])
        if not self.task.classes:
            return Predictions.of_numbers(inputs.ids, known.astype(float))
        sure = np.array([float(i in self.seen) for i in inputs.ids.tolist()])
        return Predictions.of_labels(inputs.ids, known.astype(np.int32), confidence=sure)

    def save(self, folder):
        raise NotImplementedError


@dataclass(frozen=True)
class TunableScript(Script):
    card: ClassVar[Card] = Card(
        name="tunable-script",
        family="test",
        summary="Can be tuned",
        kinds=KINDS,
        abilities=frozenset({"probabilities"}),
    )

    def space(self):
        return {"flip": Choice((True, False)), "add": Choice((0.0, -1.0))}


@pytest.fixture(autouse=True)
def scripted(monkeypatch):
    for contender in (Script, Memory, TunableScript):
        monkeypatch.setitem(CONTENDERS._loaded, contender.card.name, contender)


@pytest.fixture
def rows():
    def build(targets, *, group=None, kind="classification", **columns):
        """Return examples: lists of strings are answers, lists of numbers are inputs."""
        types = {
            name: ColumnType.ANSWER
            if any(isinstance(value, str) for value in values)
            else ColumnType.NUMBER
            for name, values in columns.items()
        }
        everything = tuple(Column(name, kind_) for name, kind_ in types.items())
        shown = tuple(c for c in everything if c.type is ColumnType.NUMBER)
        task = TaskSpec(
            kind,
            shown,
            "y",
            ("accuracy",) if kind == "classification" else ("mse",),
            ("no", "yes") if kind == "classification" else (),
            group,
        )
        table = pa.table(
            {
                name: pa.array(values, pa.string() if types[name] == "answer" else pa.float64())
                for name, values in columns.items()
            }
        )
        dtype = np.int32 if kind == "classification" else np.float64
        inputs = Inputs(np.arange(len(targets)) + 1000, table, everything)
        return Examples(task, inputs, np.asarray(targets, dtype=dtype))

    return build


@pytest.fixture
def context(tmp_path):
    return make_context(tmp_path / "context")
