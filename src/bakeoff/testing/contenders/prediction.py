"""Checks of predictions: a row's prediction depends on nothing but that row."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from bakeoff.contenders.base import Fitted
from bakeoff.core.seeds import generator
from bakeoff.data.inputs import Inputs
from bakeoff.tasks.predictions import Predictions
from bakeoff.testing.check import expect
from bakeoff.testing.contenders.bench import contender_check
from bakeoff.testing.contenders.compare import BATCH_TOLERANCE, expect_same, expect_well_formed

if TYPE_CHECKING:
    from bakeoff.testing.contenders.bench import Bench

_UNIT = re.compile(r".+/[^/]+$", re.DOTALL)


@contender_check
def fit_returns_a_fitted(bench: Bench) -> None:
    """`Contender.fit` returns an object of a class that derives `Fitted`."""
    for example in bench.main:
        fitted = bench.fitted(example)
        expect(isinstance(fitted, Fitted), f"fit returned {type(fitted).__name__}")


@contender_check
def predictions_are_well_formed(bench: Bench) -> None:
    """Ids in order, the right columns, a status exactly where there is no prediction."""
    for example in bench.specimens:
        predictions = bench.predict(bench.fitted(example), example.fresh.inputs)
        expect_well_formed(predictions, example.fresh.inputs, example.task)


@contender_check
def no_rows_give_no_predictions(bench: Bench) -> None:
    """No rows in, no rows out, with the same columns as ever."""
    for example in bench.main:
        fitted, inputs = bench.fitted(example), example.fresh.inputs
        none = bench.predict(fitted, inputs.take([]))
        expect(len(none) == 0, f"no rows give {len(none)} predictions")
        expect_well_formed(none, inputs.take([]), example.task)
        some = bench.predict(fitted, inputs).table.column_names
        expect(
            set(none.table.column_names) == set(some),
            f"without rows the columns are {none.table.column_names}, with rows {some}",
        )


@contender_check
def one_row_is_enough(bench: Bench) -> None:
    """A service asks for one row at a time."""
    for example in bench.main:
        fitted, inputs = bench.fitted(example), example.fresh.inputs
        whole = bench.predict(fitted, inputs)
        for row in (0, len(inputs) - 1):
            expect_same(
                bench.predict(fitted, inputs.take([row])),
                whole.take([row]),
                "for one row alone",
                BATCH_TOLERANCE,
            )


@contender_check
def the_order_of_rows_changes_nothing(bench: Bench) -> None:
    """Predictions of permuted rows are the permuted predictions."""
    for example in bench.main:
        fitted, inputs = bench.fitted(example), example.fresh.inputs
        order = generator(1, "order").permutation(len(inputs))
        expect_same(
            bench.predict(fitted, inputs.take(order)),
            bench.predict(fitted, inputs).take(order),
            "when the rows were permuted",
            BATCH_TOLERANCE,
        )


@contender_check
def rows_do_not_see_each_other(bench: Bench) -> None:
    """Predictions of some rows are the same whichever other rows are asked for with them."""
    for example in bench.main:
        fitted, inputs = bench.fitted(example), example.fresh.inputs
        some = np.flatnonzero(generator(2, "subset").random(len(inputs)) < 0.4)
        expect_same(
            bench.predict(fitted, inputs.take(some)),
            bench.predict(fitted, inputs).take(some),
            "when other rows were left out",
            BATCH_TOLERANCE,
        )
        twice = np.concatenate([some, some])
        expect_same(
            bench.predict(fitted, inputs.take(twice)),
            bench.predict(fitted, inputs).take(twice),
            "when rows were asked for twice",
            BATCH_TOLERANCE,
        )


@contender_check
def chunks_are_the_whole(bench: Bench) -> None:
    """The runner may predict in chunks of any size."""
    for example in bench.main:
        fitted, inputs = bench.fitted(example), example.fresh.inputs
        chunks = [
            bench.predict(fitted, inputs.take(np.arange(start, min(start + 17, len(inputs)))))
            for start in range(0, len(inputs), 17)
        ]
        expect_same(
            Predictions.concatenate(chunks),
            bench.predict(fitted, inputs),
            "when predicted in chunks",
            BATCH_TOLERANCE,
        )


@contender_check
def a_repeated_prediction_is_the_same(bench: Bench) -> None:
    """Predicting changes nothing in the model, and draws no luck of its own."""
    for example in bench.main:
        fitted, inputs = bench.fitted(example), example.fresh.inputs
        before = bench.predict(fitted, inputs)
        expect_same(bench.predict(fitted, inputs), before, "when repeated")
        expect_same(bench.predict(fitted, inputs, seed=5), before, "with another seed in predict")


@contender_check
def ids_mean_nothing(bench: Bench) -> None:
    """Ids are names that predictions carry back, no input."""
    for example in bench.main:
        fitted, inputs = bench.fitted(example), example.fresh.inputs
        renamed = Inputs(inputs.ids[::-1] + 100_000, inputs.table, inputs.columns, inputs.side)
        got = bench.predict(fitted, renamed)
        wanted = bench.predict(fitted, inputs).table
        ids = wanted.schema.get_field_index("id")
        wanted = wanted.set_column(ids, "id", [renamed.ids])
        expect_same(got, Predictions(wanted), "when the ids did")


@contender_check
def probabilities_come_as_the_card_says(bench: Bench) -> None:
    """The ability ``"probabilities"`` is declared exactly if they are given."""
    declared = "probabilities" in bench.contender.card.abilities
    for example in bench.main:
        if not example.task.classes:
            continue
        predictions = bench.predict(bench.fitted(example), example.fresh.inputs)
        given = predictions.probabilities is not None
        expect(given == declared, f"probabilities given: {given}, declared on the card: {declared}")


@contender_check
def confidence_comes_as_the_card_says(bench: Bench) -> None:
    """With the ability ``"confidence"`` or ``"probabilities"`` predicted rows have a confidence.

    Where a card lists both, the confidence may be that of the probabilities, so numbers need none.
    """
    abilities = bench.contender.card.abilities
    for example in bench.main:
        predictions = bench.predict(bench.fitted(example), example.fresh.inputs)
        known = ~np.isnan(predictions.confidence)[~predictions.is_missing]
        needed = abilities & {"confidence", "probabilities"}
        if example.task.classes or "probabilities" not in abilities:
            expect(known.any() or not needed, f"{example.name}: no row has a confidence")
        expect(needed or not known.any(), f"{example.name}: confidence is given, not declared")


@contender_check
def usage_is_well_formed(bench: Bench) -> None:
    """Usage is a map from ``"SOURCE/unit"`` to an amount, so that a price can be put on it."""
    for example in bench.main:
        predictions = bench.predict(bench.fitted(example), example.fresh.inputs)
        for row, used in enumerate(predictions.usage):
            for unit, amount in used.items():
                expect(_UNIT.match(unit), f"row {row}: the unit '{unit}' is not SOURCE/unit")
                expect(np.isfinite(amount) and amount >= 0, f"row {row}: {amount} {unit}")
