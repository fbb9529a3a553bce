"""A contender that is paid for by the call: what it is asked, what it costs, where it stops."""

import json
from dataclasses import replace

import numpy as np
import pyarrow.parquet as pq
import pytest

from bakeoff.protocol import grid
from bakeoff.protocol.asked import asked_rows, prompt_rows
from bakeoff.protocol.engines.inprocess import make_executor, run_cell
from bakeoff.protocol.evidence import Entry, common_rows
from bakeoff.protocol.prices import token_prices
from bakeoff.results.records import Cell, PriceRecord
from bakeoff.tasks.predictions import Predictions

PRICE = "2/10"
ROW = (1000 * 2 + 10 * 10) / 1e6


@pytest.fixture
def ask(make_run):
    """Return a function that makes the pass of the paid contender."""

    def go(*contenders, max_cost=None, **options):
        work = make_run(*contenders, "paid", **options)
        work = replace(work, plan=replace(work.plan, max_cost=max_cost))
        record = run_cell(make_executor(work, threads=1), Cell("paid", grid.PASS, 0, 0, 0), "here")
        rows = None
        if record.file:
            rows = Predictions(pq.read_table(work.folder.root / record.file))
        return work, record, rows

    return go


def asked_in(cache):
    lines = (cache / "asked").read_text().splitlines()
    return [json.loads(line) for line in lines]


def test_it_is_asked_some_rows_at_a_time_in_a_fixed_order(ask, cache):
    work, record, found = ask("trouble", rows=300)
    assert record.state == "done", record.reason
    expected = asked_rows(work.splits, evidence="oof", limit=500, seed=0)
    chunks = asked_in(cache)
    assert [len(chunk) for chunk in chunks[:-1]] == [50] * (len(chunks) - 1)
    assert [row for chunk in chunks for row in chunk] == expected.tolist()
    assert found.ids.tolist() == sorted(expected.tolist())
    prompt = json.loads((cache / "prompt_rows").read_text())
    assert prompt == prompt_rows(work.splits, "oof").tolist()
    assert not set(prompt) & set(found.ids.tolist())


@pytest.mark.parametrize(("ask_all", "expected"), [(False, 500), (True, 560)])
def test_it_is_asked_on_500_rows_unless_all_are_wanted(ask, ask_all, expected):
    work, _, found = ask("trouble", rows=3_000 if not ask_all else 700, ask_all=ask_all)
    pool = len(work.splits.rows("train")) - len(prompt_rows(work.splits, "oof"))
    assert len(found) == (500 if not ask_all else pool + len(work.splits.rows("lockbox")))
    assert len(found) >= expected


@pytest.mark.parametrize(
    ("limit", "rows", "told"),
    [
        ({"max_calls": 120}, 100, "the limit of 120 calls is reached"),
        ({"max_calls": 150}, 150, "the limit of 150 calls is reached"),
        ({"max_cost": 60 * ROW}, 50, "dollars is reached"),
    ],
)
def test_at_a_limit_the_answers_that_there_are_stay_and_the_page_is_told(ask, limit, rows, told):
    work, record, found = ask("trouble", rows=400, llm_price=PRICE, **limit)
    assert record.state == "done"
    expected = asked_rows(work.splits, evidence="oof", limit=500, seed=0)[:rows]
    assert found.ids.tolist() == sorted(expected.tolist())
    assert told in record.notes[0]
    assert f"asked on {rows} of" in record.notes[0]


def test_a_limit_below_the_first_rows_is_a_failure_with_its_reason(ask):
    _, record, _ = ask("trouble", rows=400, max_calls=20)
    assert (record.state, record.reason) == ("failed", "the limit of 20 calls is reached")


@pytest.mark.parametrize("evidence", ["oof", "lockbox"])
def test_all_are_compared_on_the_rows_that_were_paid_for(make_run, carry_out, evidence):
    work = make_run(
        "trouble@right=0.8", "paid", rows=400, evidence=evidence, llm_price=PRICE, ask_all=True
    )
    ending, _ = carry_out(work)
    rows = {row.name: row for row in ending.analysis.rows}
    expected = asked_rows(work.splits, evidence=evidence, limit=None, seed=0)
    role = "train" if evidence == "oof" else "lockbox"
    assert ending.analysis.compared_rows == (work.splits.role[expected] == role).sum()
    assert rows["paid"].money.per_1000 == pytest.approx(1000 * ROW)
    names = {c.name for c in ending.analysis.comparisons}
    assert {"paid", "trouble@right=0.8"} & names


def entry(name, rows, metered=False):
    rows = np.array(rows, dtype=np.int64)
    answered = np.ones(len(rows), dtype=np.bool_)
    return Entry(name, "done", "", (), rows, answered, metered)


def test_few_paid_rows_are_the_rows_of_all_and_few_free_answers_are_not():
    trained = entry("trained", range(100))
    few = range(0, 40, 2)
    assert common_rows([trained, entry("paid", few, metered=True)], "trained").tolist() == [*few]
    assert len(common_rows([trained, entry("answers:x", few)], "trained")) == 100
    nothing = entry("paid", [], metered=True)
    assert len(common_rows([trained, nothing], "trained")) == 100


def test_a_limit_is_shared_by_those_who_spend(make_run):
    work = make_run("trouble", "paid", "paid@right=0.9", max_calls=41)
    executor = make_executor(work, threads=1)
    assert executor._meter(work.contender("paid")).limits == {"calls": 20.5}
    assert executor._meter(work.contender("trouble")).limits == {}


def test_a_run_that_goes_on_has_only_what_is_left(ask, make_run):
    work, first, _ = ask("trouble", rows=400, max_calls=120)
    assert first.state == "done"
    other = make_executor(work, threads=1)
    again = run_cell(other, Cell("paid", grid.PASS, 0, 0, 0), "another process")
    assert (again.state, again.reason) == ("failed", "the limit of 120 calls is reached")


def test_the_nearest_price_counts():
    prices = PriceRecord(0, 0, 1, per_million={"llm:m": (1, 2), "llm": (3, 4)})
    assert token_prices(prices, "llm:m@http://h/v1") == (1, 2)
    assert token_prices(prices, "llm:other@http://h/v1") == (3, 4)
    assert token_prices(prices, "vendor:m") is None
