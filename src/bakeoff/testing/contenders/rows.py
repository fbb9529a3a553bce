"""Checks with odd rows: little of everything, things never seen, cells that nobody expects."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from bakeoff.data.columns import ColumnType
from bakeoff.data.inputs import Inputs
from bakeoff.tasks.examples import Examples
from bakeoff.testing.check import NotTestableError, expect
from bakeoff.testing.contenders.bench import contender_check
from bakeoff.testing.contenders.compare import expect_well_formed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bakeoff.testing.contenders.bench import Bench
    from bakeoff.testing.examples import Specimen

_ODD_CELLS: dict[ColumnType, Sequence[object]] = {
    ColumnType.TEXT: (
        None,
        "",
        " \t\n",
        "nul\x00byte",
        "\U0001f600\U0001f3f3️‍\U0001f308",
        "שלום עולם \u202e gnp",
        "好" * 3000,
        "x" * 20_000,
        "never seen before " * 400,
        "%s {0} <b>&amp;",
    ),
    ColumnType.CATEGORY: (None, "", "never seen before", "kind-0 ", "é" * 500),
    ColumnType.NUMBER: (None, np.nan, np.inf, -np.inf, 1e308, -1e308, 1e-320, -0.0),
    ColumnType.DATE: (None, datetime(1900, 1, 1), datetime(2200, 2, 28)),  # noqa: DTZ001 - a column of dates has no zone
}


@contender_check
def odd_rows_are_predicted(bench: Bench) -> None:
    """Empty, missing, endless, never seen: every row gets a prediction or a status."""
    for example in bench.specimens:
        odd = odd_inputs(example)
        expect_well_formed(bench.predict(bench.fitted(example), odd), odd, example.task)


@contender_check
def odd_rows_can_be_learned_from(bench: Bench) -> None:
    """Odd cells among the training rows break no fit."""
    for example in bench.main:
        odd = odd_inputs(example)
        targets = example.train.targets[: len(odd)]
        train = Examples.concatenate(example.train, Examples(example.task, odd, targets))
        fitted = bench.fit(train, example.valid)
        fresh = example.fresh.inputs
        expect_well_formed(bench.predict(fitted, fresh), fresh, example.task)
        expect_well_formed(bench.predict(fitted, odd), odd, example.task)


@contender_check
def columns_without_a_value_break_nothing(bench: Bench) -> None:
    """Each column, and all at once, may be missing in every row (or the contender says why not)."""
    for example in bench.main:
        names = example.task.input_names
        for emptied in {*((name,) for name in names), tuple(names)}:
            train = replace(example.train, inputs=_without(example.train.inputs, emptied))
            fitted = bench.try_fit(train, None)
            if fitted is not None:
                fresh = _without(example.fresh.inputs, emptied)
                expect_well_formed(bench.predict(fitted, fresh), fresh, example.task)


@contender_check
def a_column_missing_only_in_new_rows_breaks_nothing(bench: Bench) -> None:
    """What was there in training may be missing later."""
    for example in bench.main:
        fresh = _without(example.fresh.inputs, example.task.input_names)
        expect_well_formed(bench.predict(bench.fitted(example), fresh), fresh, example.task)


@contender_check
def valid_may_be_absent(bench: Bench) -> None:
    """``valid`` is None, or has no rows."""
    for example in bench.main:
        for valid in (None, example.valid.take([])):
            predictions = bench.predict(bench.fit(example.train, valid), example.fresh.inputs)
            expect_well_formed(predictions, example.fresh.inputs, example.task)


@contender_check
def one_training_row_is_fitted_or_refused(bench: Bench) -> None:
    """One row is learned from, or a `ContenderError` says why not; nothing else."""
    for example in bench.main:
        _expect_fit_or_reason(bench, example, example.train.take([0]))
        _expect_fit_or_reason(bench, example, example.train.take([0, 1]))


@contender_check
def rows_that_are_all_alike_are_fitted_or_refused(bench: Bench) -> None:
    """The same row twenty times, once with one target, once with several."""
    for example in bench.main:
        same = example.train.take([0] * 20)
        _expect_fit_or_reason(bench, example, same)
        mixed = Examples(example.task, same.inputs, example.train.targets[:20])
        _expect_fit_or_reason(bench, example, mixed)


@contender_check
def one_target_for_all_rows_is_learned(bench: Bench) -> None:
    """A fold in which only one class (or one number) is left is predicted as that one."""
    for example in bench.labelled:
        constant = np.full_like(example.train.targets, example.train.targets[0])
        train = Examples(example.task, example.train.inputs, constant)
        fitted = bench.try_fit(train, None)
        if fitted is None:
            continue
        predictions = bench.predict(fitted, example.fresh.inputs)
        expect_well_formed(predictions, example.fresh.inputs, example.task)
        if not all(leaf.card.learns for leaf in bench.leaves()):
            continue
        got: Any = predictions.codes if example.task.classes else predictions.values
        expect(
            np.allclose(got[~predictions.is_missing], constant[0], rtol=1e-6, atol=1e-6),
            f"{example.name}: it learned from one target alone, and predicts another",
        )


@contender_check
def a_class_absent_in_training_keeps_its_column(bench: Bench) -> None:
    """The probability columns are those of the task; an absent class has none of it."""
    example = next((e for e in bench.main if e.task.classes), None)
    if example is None:
        raise NotTestableError("it does no classification")
    absent = 2
    rows = np.flatnonzero(example.train.targets != absent)
    held = np.flatnonzero(example.valid.targets != absent)
    fitted = bench.fit(example.train.take(rows), example.valid.take(held))
    predictions = bench.predict(fitted, example.fresh.inputs)
    expect_well_formed(predictions, example.fresh.inputs, example.task)
    if not all(leaf.card.learns for leaf in bench.leaves()):
        return
    expect((predictions.codes != absent).all(), "it predicts a class that it has never seen")
    if predictions.probabilities is not None:
        most = float(predictions.probabilities[:, absent].max())
        expect(most <= 1e-9, f"a class that was never seen has probability {most:.3g}, not 0")


@contender_check
def a_class_only_in_valid_is_taken(bench: Bench) -> None:
    """A class that stands in ``valid`` and not in ``train`` breaks nothing."""
    example = next((e for e in bench.main if e.task.classes), None)
    if example is None:
        raise NotTestableError("it does no classification")
    rows = np.flatnonzero(example.train.targets != 1)
    predictions = bench.predict(
        bench.fit(example.train.take(rows), example.valid), example.fresh.inputs
    )
    expect_well_formed(predictions, example.fresh.inputs, example.task)


def odd_inputs(example: Specimen) -> Inputs:
    """Return rows in which each column of the specimen goes through odd cells of its type."""
    inputs = example.fresh.inputs
    odd = {**_ODD_CELLS, ColumnType.IMAGE: (None, *_odd_pictures())}
    task_names = set(example.task.input_names)
    cells = {c.name: odd[c.type] for c in inputs.columns if c.name in task_names and c.type in odd}
    n = max((len(values) for values in cells.values()), default=4)
    table = inputs.table.slice(0, n)
    for name, values in cells.items():
        position = table.schema.get_field_index(name)
        kind = table.schema.field(name).type
        column = pa.array([values[row % len(values)] for row in range(n)], kind, from_pandas=False)
        table = table.set_column(position, name, column)
    return Inputs(inputs.ids[:n], table, inputs.columns, inputs.side)


def _odd_pictures() -> list[bytes]:
    from PIL import Image

    pictures = []
    for mode, size in (("L", (1, 1)), ("RGBA", (30, 5)), ("P", (7, 13)), ("I;16", (9, 9))):
        buffer = io.BytesIO()
        Image.new(mode, size).save(buffer, "PNG")
        pictures.append(buffer.getvalue())
    return pictures


def _without(inputs: Inputs, names: tuple[str, ...]) -> Inputs:
    table = inputs.table
    for name in names:
        position = table.schema.get_field_index(name)
        nothing = pa.nulls(len(inputs), table.schema.field(name).type)
        table = table.set_column(position, name, nothing)
    return Inputs(inputs.ids, table, inputs.columns, inputs.side)


def _expect_fit_or_reason(bench: Bench, example: Specimen, train: Examples) -> None:
    fitted = bench.try_fit(train)
    if fitted is not None:
        predictions = bench.predict(fitted, example.fresh.inputs)
        expect_well_formed(predictions, example.fresh.inputs, example.task)
