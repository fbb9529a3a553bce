"""Which rows are paid for: none that chose the prompt, in a random order, at most so many."""

import numpy as np
import pytest

from bakeoff.protocol.asked import ASKED_ROWS, PROMPT_ROWS, asked_rows, prompt_rows
from bakeoff.protocol.splits import Splits


def make_splits(train, lockbox, dropped=3):
    role = np.array(["train"] * train + ["lockbox"] * lockbox + ["dropped"] * dropped)
    role = np.random.default_rng(0).permutation(role)
    n = len(role)
    return Splits(role, np.arange(n), np.zeros((1, n), dtype=np.int64))


def test_out_of_fold_rows_are_asked_too_but_never_those_that_chose_the_prompt():
    splits = make_splits(1_200, 300)
    rows = asked_rows(splits, evidence="oof", limit=None, seed=0)
    chosen = prompt_rows(splits, "oof")
    assert chosen.tolist() == splits.rows("train")[:PROMPT_ROWS].tolist()
    assert len(rows) == len(set(rows.tolist())) == 1_000 + 300
    assert not set(rows.tolist()) & set(chosen.tolist())
    assert set(splits.role[rows]) == {"train", "lockbox"}


def test_where_the_lockbox_decides_only_its_rows_are_asked():
    splits = make_splits(900, 700)
    assert len(prompt_rows(splits, "lockbox")) == PROMPT_ROWS
    rows = asked_rows(splits, evidence="lockbox", limit=ASKED_ROWS, seed=0)
    assert len(rows) == ASKED_ROWS
    assert set(splits.role[rows]) == {"lockbox"}


@pytest.mark.parametrize(("train", "expected"), [(100, 20), (3, 1), (5_000, PROMPT_ROWS)])
def test_on_small_data_the_prompt_leaves_most_rows_to_judge(train, expected):
    assert len(prompt_rows(make_splits(train, 20), "oof")) == expected


def test_the_order_is_random_but_fixed_and_a_limit_takes_its_beginning():
    splits = make_splits(600, 200)
    every = asked_rows(splits, evidence="oof", limit=None, seed=1)
    again = asked_rows(splits, evidence="oof", limit=50, seed=1)
    other = asked_rows(splits, evidence="oof", limit=50, seed=2)
    assert again.tolist() == every[:50].tolist()
    assert again.tolist() != other.tolist()
    assert (np.diff(every) < 0).any()
    # A fair sample: about a quarter of what is asked first is lockbox (200 of 200 + 480).
    share = np.mean(splits.role[every[:300]] == "lockbox")
    assert 0.2 < share < 0.4


def test_rows_with_an_answer_made_elsewhere_come_first():
    splits = make_splits(600, 200)
    answered = np.random.default_rng(3).random(len(splits.role)) < 0.2
    rows = asked_rows(splits, evidence="oof", limit=None, seed=1, answered=answered)
    plain = asked_rows(splits, evidence="oof", limit=None, seed=1)
    first = int(answered[rows].sum())
    assert answered[rows[:first]].all()
    assert rows[:first].tolist() == [row for row in plain if answered[row]]
    assert set(rows) == set(plain)


def test_no_row_is_asked_that_is_like_one_that_chose_the_prompt():
    splits = make_splits(300, 0)
    # Every row has a twin far behind it in the file.
    unit = np.arange(len(splits.role)) % (len(splits.role) // 2)
    splits = Splits(splits.role, unit, splits.folds)
    chosen = prompt_rows(splits, "oof")
    rows = asked_rows(splits, evidence="oof", limit=None, seed=0)
    assert len(chosen) == 60
    assert len(rows) > 200
    assert not set(splits.unit[chosen]) & set(splits.unit[rows])
