"""Answers that were paid for, as a part of other contenders."""

import json
from dataclasses import replace

import numpy as np
import pytest

from bakeoff.core.errors import ContenderError
from bakeoff.data.inputs import Inputs
from bakeoff.protocol.asked import asked_rows
from bakeoff.protocol.recorded import Recorded, recorded_answers
from bakeoff.tasks.predictions import Predictions
from bakeoff.testing.context import context

CASCADE = "cascade:trouble@right=0.6>paid"


def asked_in(cache):
    return [row for line in (cache / "asked").read_text().splitlines() for row in json.loads(line)]


@pytest.mark.parametrize("evidence", ["oof", "lockbox"])
def test_a_combination_is_judged_on_the_rows_that_were_asked_and_asks_none(
    make_run, carry_out, cache, evidence
):
    combined = "vote:trouble@right=0.6+trouble@right=0.7+paid"
    work = make_run("trouble@right=0.6", combined, rows=400, evidence=evidence, llm_price="2/10")
    ending, _ = carry_out(work)
    rows = {row.name: row for row in ending.analysis.rows}
    asked = asked_rows(work.splits, evidence=evidence, limit=500, seed=0)
    judging = np.isin(asked, work.splits.rows("train" if evidence == "oof" else "lockbox"))
    assert rows[combined].state == rows["paid"].state == "done", rows[combined].reason
    assert rows[combined].score.n == rows["paid"].score.n == judging.sum()
    # What is paid for goes into its cost all the same: in use it is asked for every row.
    assert rows[combined].money.per_1000 > rows["paid"].money.per_1000 > 0
    assert sorted(asked_in(cache)) == sorted(asked.tolist())
    assert rows[combined].cost.latency_p50_s is not None


def test_a_part_that_was_not_asked_makes_a_row_with_the_reason(make_run, carry_out):
    work = make_run("trouble", "vote:trouble+trouble@right=0.6+paid@how=raises", rows=200)
    # Its pass fails when its limit of calls is reached before the first rows are through.
    work = replace(work, plan=replace(work.plan, max_calls=10))
    ending, _ = carry_out(work)
    reasons = {row.name: row.reason for row in ending.analysis.rows if row.state == "failed"}
    assert "has given no answers" in reasons["vote:trouble+trouble@right=0.6+paid@how=raises"]


def test_answers_come_in_the_order_of_the_rows_and_others_have_none(make_run):
    work = make_run("trouble")
    given = Predictions.of_labels(np.array([2, 5, 9]), np.array([0, 1, 0]))
    recorded = Recorded(work.task, given, real=lambda: pytest.fail("it is not asked"))
    inputs = work.inputs(work.contender("trouble"), np.array([9, 3, 2]))
    found = recorded.predict(inputs, context())
    assert found.ids.tolist() == [9, 3, 2]
    assert found.codes.tolist() == [0, -1, 0]
    assert found.status == [None, "not-asked", None]
    nothing = Inputs(np.zeros(0, dtype=np.int64), inputs.table.slice(0, 0), inputs.columns)
    assert len(recorded.predict(nothing, context())) == 0


def test_numbers_that_were_not_asked_for_are_missing(make_run):
    work = make_run("trouble")
    task = replace(work.task, kind="regression", classes=())
    given = Predictions.of_numbers(np.array([1]), np.array([2.5]))
    recorded = Recorded(task, given, real=lambda: pytest.fail("it is not asked"))
    found = recorded.predict(work.inputs(work.contender("trouble"), np.array([1, 0])), context())
    assert found.values[0] == 2.5
    assert np.isnan(found.values[1])


def test_where_nothing_was_answered_the_reason_names_the_part(make_run):
    with pytest.raises(ContenderError, match="'paid' has given no answers"):
        recorded_answers(make_run("trouble", "paid"), "paid")
