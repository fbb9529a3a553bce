from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from bakeoff.contenders.registry import CONTENDERS, make_contender
from bakeoff.data.columns import Column, ColumnType
from bakeoff.data.inputs import Inputs
from bakeoff.tasks.examples import Examples
from bakeoff.testing import (
    ContractError,
    check_contender,
    contender_checks,
    context,
    known_truth,
    specimen,
)

NAMES = ("oracle", "random", "label-shuffled", "copied-target", "side-channel")


@pytest.fixture(autouse=True)
def registered():
    known_truth.register()
    yield
    for name in NAMES:
        CONTENDERS.built_in.pop(name)


@pytest.fixture
def example():
    made = specimen("text", n_classes=5, sizes=(200, 40, 400))
    known_truth.tell(made.fresh)
    return made


def accuracy(spec, example, seed=0):
    fitted = make_contender(spec).fit(example.train, example.valid, context(seed=seed))
    predictions = fitted.predict(example.fresh.inputs, context())
    return float((predictions.codes == example.fresh.targets).mean())


def test_the_oracle_is_right_as_often_as_asked(example):
    assert accuracy("oracle", example) == 1
    assert accuracy("oracle@error=0.2", example) == pytest.approx(0.8, abs=0.06)


def test_two_oracles_err_on_different_rows(example):
    def wrong(spec):
        fitted = make_contender(spec).fit(example.train, None, context())
        return fitted.predict(example.fresh.inputs, context()).codes != example.fresh.targets

    one, other = wrong("oracle@error=0.3"), wrong("oracle@error=0.3@salt=1")
    assert (one & other).mean() == pytest.approx(0.09, abs=0.05)


@pytest.mark.parametrize(
    "spec", ["random", "label-shuffled:majority", "label-shuffled:ngram-linear"]
)
def test_what_knows_nothing_is_no_better_than_chance(example, spec):
    # Few words carry the classes: what was taken for a signal fits or fails as a whole.
    scores = [accuracy(spec, example, seed) for seed in range(3)]
    assert np.mean(scores) == pytest.approx(0.2, abs=0.15)


def test_the_side_channel_is_used(example):
    assert accuracy("majority", example) < 0.3
    assert accuracy("side-channel:majority", example) == 1


def test_a_copied_target_is_copied(example):
    def leaky(rows):
        copy = pa.array([f"code {code}" for code in rows.targets])
        columns = (*rows.inputs.columns, Column("leak", ColumnType.CATEGORY))
        table = rows.inputs.table.append_column("leak", copy)
        return Examples(rows.task, Inputs(rows.inputs.ids, table, columns), rows.targets)

    train, fresh = leaky(example.train), leaky(example.fresh)
    fitted = make_contender("copied-target:leak").fit(train, None, context())
    assert (fitted.predict(fresh.inputs, context()).codes == fresh.targets).all()


def test_the_poisoned_label_check_catches_the_side_channel_and_nobody_honest():
    name = "labels_of_other_rows_change_nothing"
    for spec in ("majority", "label-shuffled:majority", "random"):
        next(check for check in contender_checks(spec) if check.name == name)()
    for spec in ("side-channel:majority", "oracle"):
        check = next(check for check in contender_checks(spec) if check.name == name)
        with pytest.raises(ContractError, match="side channel"):
            check()


@pytest.mark.parametrize("spec", ["random", "label-shuffled:majority"])
def test_those_that_do_not_peek_keep_the_promises_of_a_contender(spec):
    elsewhere = "known to this process alone"
    check_contender(spec, skip={"a_saved_model_predicts_the_same_in_a_new_process": elsewhere})
