"""The contiguous split: neighbours part only where one stretch ends and the next begins."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bakeoff.protocol.splits import LOCKBOX, TRAIN, VALID, SplitRequest, make_splits
from bakeoff.tasks.splitting import Contiguous

RULE = Contiguous()


def texts(n):
    return np.array([f"text {i}" for i in range(n)], dtype=object)


def assign(unit, shares, seed=0):
    return RULE.assign(texts(len(unit)), np.asarray(unit, dtype=np.int64), shares, seed)


def splits_of(n, folds=4, unit=None, part=None):
    request = SplitRequest(
        part=np.full(n, "main") if part is None else np.asarray(part),
        targets=texts(n),
        unit=np.arange(n) if unit is None else np.asarray(unit, dtype=np.int64),
        twins=np.array([], dtype=np.int64),
        preferred=np.zeros(n, dtype=bool),
        folds=folds,
        repeats=1,
        seed=0,
    )
    return make_splits(request, RULE)


@given(
    st.integers(0, 200),
    st.lists(st.integers(1, 9), min_size=1, max_size=6),
)
def test_parts_are_stretches_of_their_shares_in_order(n, sizes):
    shares = tuple(size / sum(sizes) for size in sizes)
    part = assign(range(n), shares)
    assert (np.diff(part) >= 0).all()
    counts = np.bincount(part, minlength=len(shares))
    assert np.abs(counts - n * np.array(shares)).max() <= 1


def test_nothing_is_drawn():
    seeds = [assign(range(50), (0.8, 0.2), seed).tolist() for seed in (0, 1)]
    assert seeds[0] == seeds[1]


@given(st.lists(st.integers(0, 12), min_size=1, max_size=60))
def test_rows_of_one_unit_follow_the_first_of_them(unit):
    unit = np.array(unit)
    part = assign(unit, (0.5, 0.3, 0.2))
    alone = assign(range(len(unit)), (0.5, 0.3, 0.2))
    for number in np.unique(unit):
        mine = np.flatnonzero(unit == number)
        assert set(part[mine]) == {alone[mine[0]]}


def test_numbers_of_units_mean_nothing():
    unit = [7, 7, 3, 3, 9, 9, 1, 1]
    assert assign(unit, (0.5, 0.5)).tolist() == [0, 0, 0, 0, 1, 1, 1, 1]


def test_the_lockbox_is_the_last_fifth():
    made = splits_of(100)
    assert made.role.tolist() == [TRAIN] * 80 + [LOCKBOX] * 20


def test_an_official_test_is_the_lockbox():
    made = splits_of(10, part=["main"] * 6 + ["valid"] * 2 + ["test"] * 2)
    assert made.role.tolist() == [TRAIN] * 6 + [VALID] * 2 + [LOCKBOX] * 2


@pytest.mark.parametrize("folds", [2, 5])
def test_folds_are_contiguous_and_no_block_is_on_two_sides(folds):
    made = splits_of(100, folds)
    assert made.folds[0, :80].tolist() == np.repeat(np.arange(folds), 80 // folds).tolist()
    assert (made.folds[0, 80:] == -1).all()
    for fold in range(folds):
        learn, held_out = made.fold_rows(0, fold)
        assert not set(learn) & set(held_out)
        assert (np.diff(held_out) == 1).all()
        assert sorted([*learn, *held_out]) == list(range(80))


def test_a_block_that_comes_again_is_on_one_side():
    unit = np.arange(100)
    unit[95] = unit[3]  # the same text stands in the beginning and in the last fifth
    made = splits_of(100, unit=unit)
    assert made.role[[3, 95]].tolist() == [TRAIN, TRAIN]
    assert (made.role == LOCKBOX).sum() == 19


def test_the_rows_for_early_stopping_are_the_last_of_those_learned_from():
    made = splits_of(200)
    learn, valid = made.set_valid_apart(np.arange(160), texts(200), RULE, 0)
    assert learn.tolist() == list(range(144))
    assert valid.tolist() == list(range(144, 160))
