"""One split, the same for all: what must hold whatever the data."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bakeoff.protocol.splits import (
    DROPPED,
    LOCKBOX,
    TRAIN,
    VALID,
    SplitRequest,
    join_units,
    make_splits,
    read_splits,
    write_splits,
)
from bakeoff.tasks.splitting import Stratified

RULE = Stratified()


def request(targets, unit=None, *, part="main", twins=(), preferred=None, folds=3, seed=0, **more):
    n = len(targets)
    return SplitRequest(
        part=np.full(n, part) if isinstance(part, str) else np.asarray(part),
        targets=np.asarray(targets),
        unit=np.arange(n) if unit is None else np.asarray(unit, dtype=np.int64),
        twins=np.asarray(twins, dtype=np.int64),
        preferred=np.zeros(n, dtype=bool) if preferred is None else preferred,
        folds=folds,
        repeats=more.get("repeats", 1),
        seed=seed,
    )


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 25)), min_size=12, max_size=200),
    st.integers(2, 6),
    st.integers(0, 2**31),
    st.booleans(),
)
def test_units_are_never_divided_and_no_row_is_lost(rows, folds, seed, numbers):
    targets = np.array([t for t, _ in rows], dtype=np.float64 if numbers else np.int32)
    unit = np.array([u for _, u in rows])
    made = make_splits(request(targets, unit, folds=folds, seed=seed, repeats=2), RULE)
    assert set(made.role) <= {TRAIN, LOCKBOX}
    train = made.role == TRAIN
    assert ((made.folds >= 0) == train).all()
    assert made.folds.max(initial=0) < folds
    for number in np.unique(unit):
        mine = unit == number
        assert len(set(made.role[mine])) == 1
        assert all(len(set(folds_of[mine])) == 1 for folds_of in made.folds)
    for fold in range(folds):
        learn, held_out = made.fold_rows(0, fold)
        assert len(learn) + len(held_out) == train.sum()
        assert not set(unit[learn]) & set(unit[held_out])


@pytest.mark.parametrize("share", [0.5, 0.1])
def test_every_part_has_its_share_of_each_class(share):
    targets = (np.arange(1000) < share * 1000).astype(np.int32)
    made = make_splits(request(targets, folds=5), RULE)
    assert (made.role == LOCKBOX).sum() == 200
    assert targets[made.role == LOCKBOX].sum() == share * 200
    for fold in range(5):
        _, held_out = made.fold_rows(0, fold)
        assert len(held_out) == 160
        assert targets[held_out].sum() == share * 160


def test_numbers_are_stratified_by_their_range():
    targets = np.random.default_rng(0).exponential(size=1000)
    made = make_splits(request(targets, folds=5), RULE)
    means = [targets[made.fold_rows(0, fold)[1]].mean() for fold in range(5)]
    assert np.std(means) < 0.05


def test_the_seed_decides_and_nothing_else():
    targets = np.arange(100, dtype=np.int32) % 3
    first, same, other = (
        make_splits(request(targets, seed=seed, repeats=2), RULE).sha256() for seed in (1, 1, 2)
    )
    assert first == same != other


def test_repeats_draw_other_folds_over_the_same_lockbox():
    made = make_splits(request(np.arange(90, dtype=np.int32) % 2, repeats=2), RULE)
    assert (made.folds[0] != made.folds[1]).any()
    assert ((made.folds[0] < 0) == (made.folds[1] < 0)).all()


def test_the_official_test_is_the_lockbox_and_its_twins_leave_training():
    part = np.array(["main"] * 60 + ["valid"] * 10 + ["test"] * 20)
    made = make_splits(request(np.arange(90, dtype=np.int32) % 2, part=part, twins=[3, 62]), RULE)
    assert (made.role[part == "test"] == LOCKBOX).all()
    assert set(np.flatnonzero(made.role == DROPPED)) == {3, 62}
    assert (made.role == VALID).sum() == 9
    assert made.folds[0, 3] == -1
    assert 3 not in np.concatenate([made.fold_rows(0, f)[0] for f in range(3)])


@pytest.mark.parametrize(("answered", "expected"), [(5, 5), (20, 20), (60, 20)])
def test_rows_with_answers_enter_the_lockbox_first(answered, expected):
    preferred = np.arange(100) < answered
    made = make_splits(request(np.arange(100, dtype=np.int32) % 2, preferred=preferred), RULE)
    inside = made.role == LOCKBOX
    assert inside.sum() == 20
    assert (inside & preferred).sum() == expected


def test_the_official_dev_split_serves_every_fold():
    part = np.array(["main"] * 60 + ["valid"] * 10)
    targets = np.arange(70, dtype=np.int32) % 2
    made = make_splits(request(targets, part=part), RULE)
    for fold in range(3):
        learn, valid = made.set_valid_apart(made.fold_rows(0, fold)[0], targets, RULE, 0)
        np.testing.assert_array_equal(valid, made.rows(VALID))
        assert not set(learn) & set(valid)


def test_a_tenth_is_set_apart_where_there_is_no_dev_split():
    targets = np.arange(300, dtype=np.int32) % 2
    unit = np.arange(300) // 2
    made = make_splits(request(targets, unit), RULE)
    rows = made.fold_rows(0, 0)[0]
    learn, valid = made.set_valid_apart(rows, targets, RULE, 0)
    assert sorted([*learn, *valid]) == sorted(rows)
    assert abs(len(valid) - 0.1 * len(rows)) <= 2
    assert not set(unit[learn]) & set(unit[valid])


def test_few_rows_are_all_learned_from():
    targets = np.arange(45, dtype=np.int32) % 2
    made = make_splits(request(targets), RULE)
    rows = made.fold_rows(0, 0)[0]
    learn, valid = made.set_valid_apart(rows, targets, RULE, 0)
    assert valid is None
    np.testing.assert_array_equal(learn, rows)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=30))
def test_joined_units_keep_together_what_either_keeps_together(rows):
    first = np.array([a for a, _ in rows], dtype=np.int64)
    second = np.array([b for _, b in rows], dtype=np.int64)
    joined = join_units(first, second)
    for one in range(len(rows)):
        for other in range(len(rows)):
            if first[one] == first[other] or second[one] == second[other]:
                assert joined[one] == joined[other]
    # And nothing more: as many units as there are islands.
    islands = {frozenset([("a", a), ("b", b)]) for a, b in rows}
    while True:
        touching = next(((x, y) for x in islands for y in islands if x != y and x & y), None)
        if touching is None:
            break
        islands = (islands - set(touching)) | {touching[0] | touching[1]}
    assert len(np.unique(joined)) == len(islands)


def test_splits_come_back_from_disk(tmp_path):
    targets = np.arange(40, dtype=np.int32) % 2
    made = make_splits(request(targets, np.arange(40) // 2, repeats=2), RULE)
    path = tmp_path / "splits.parquet"
    write_splits(path, made, np.full(40, "main"), np.arange(40))
    assert read_splits(path).sha256() == made.sha256()
