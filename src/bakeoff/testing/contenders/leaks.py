"""Checks of leaks: what a contender was not given cannot move its predictions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from bakeoff.core.seeds import generator
from bakeoff.data.columns import Column, ColumnType
from bakeoff.data.inputs import Inputs
from bakeoff.tasks.examples import Examples
from bakeoff.testing import known_truth
from bakeoff.testing.check import NotTestableError
from bakeoff.testing.contenders.bench import contender_check
from bakeoff.testing.contenders.compare import expect_same

if TYPE_CHECKING:
    from bakeoff.tasks.predictions import Predictions
    from bakeoff.testing.contenders.bench import Bench
    from bakeoff.testing.examples import Specimen


@contender_check
def labels_of_other_rows_change_nothing(bench: Bench) -> None:
    """The poisoned-label check: all labels that it was not given are made wrong.

    In each of two worlds every labelled row lies within reach, as in a careless program: in the
    memory behind the arrays that the contender holds, among the objects of the process, and
    announced in a global. Between the worlds only the labels of rows that are not given differ,
    so predictions that differ were made with them.
    """
    for example in bench.labelled:
        expect_same(
            _in_a_world(bench, example, poisoned=True),
            _in_a_world(bench, example, poisoned=False),
            "with labels of rows that it was not given: it reads them by a side channel",
        )


@contender_check
def columns_that_it_does_not_read_change_nothing(bench: Bench) -> None:
    """A column of a type that is not on the card is left unread, as the plan tells the user."""
    reads = bench.contender.card.reads
    for example in bench.specimens:
        unread = [c for c in example.task.inputs if c.type not in reads]
        if not unread or example.task.kind != bench.main[0].task.kind:
            continue
        order = generator(4, "unread").permutation(len(example.fresh))
        inputs = example.fresh.inputs
        for column in unread:
            position = inputs.table.schema.get_field_index(column.name)
            other = inputs.table[column.name].take(pa.array(order))
            inputs = Inputs(
                inputs.ids, inputs.table.set_column(position, column.name, other), inputs.columns
            )
        fitted = bench.fitted(example)
        expect_same(
            bench.predict(fitted, inputs),
            bench.predict(fitted, example.fresh.inputs),
            f"with {unread[0].name}, of a type that the card does not list under reads",
        )


@contender_check
def answers_of_others_change_nothing(bench: Bench) -> None:
    """A column of answers beside the inputs is no input (the runner shows it to who asks)."""
    if bench.contender.columns():
        raise NotTestableError("it asks for columns of answers")
    for example in bench.main:
        given = {
            name: _with_answers(rows, example)
            for name, rows in (("train", example.train), ("valid", example.valid))
        }
        fitted = bench.fit(given["train"], given["valid"])
        expect_same(
            bench.predict(fitted, _with_answers(example.fresh, example).inputs),
            bench.predict(bench.fitted(example), example.fresh.inputs),
            "when a column of answers stood beside the inputs",
        )


def _in_a_world(bench: Bench, example: Specimen, *, poisoned: bool) -> Predictions:
    """Return predictions of fresh rows, whose labels lie about, true or poisoned."""
    # Made anew, so that no true label of these rows is found elsewhere in the process.
    made = bench.another(example, seed=1)
    if poisoned:
        targets = made.fresh.targets
        targets[:] = (targets + 1) % len(made.task.classes) if made.task.classes else 10 - targets
    world = Examples.concatenate(made.train, made.fresh)
    known_truth.tell(world)
    # Views, not copies: what lies behind them is what a real program would leave there.
    n, part, table = len(made.train), world.inputs, world.inputs.table.combine_chunks()
    train = Examples(
        world.task, Inputs(part.ids[:n], table.slice(0, n), part.columns), world.targets[:n]
    )
    fresh = Inputs(part.ids[n:], table.slice(n), part.columns)
    predictions = bench.predict(bench.fit(train, made.valid), fresh)
    known_truth.tell(world.take([]))
    return predictions


def _with_answers(rows: Examples, example: Specimen) -> Examples:
    inputs = rows.inputs
    truth = np.asarray(rows.targets).astype(str).tolist()
    table = inputs.table.append_column("gpt", pa.array(truth, pa.large_string()))
    columns = (*inputs.columns, Column("gpt", ColumnType.ANSWER))
    return Examples(example.task, Inputs(inputs.ids, table, columns), rows.targets)
