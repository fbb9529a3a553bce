"""Which training rows are shown as examples."""

import numpy as np

from bakeoff.models.prompting.shots import (
    cosines,
    nearest_shots,
    random_shots,
    spread_shots,
    stratified_shots,
)

CODES = np.array([0] * 50 + [1] * 5 + [2] + [-1] * 20, dtype=np.int32)


def test_the_same_seed_draws_the_same_rows_and_another_seed_others():
    for draw in (
        lambda seed: random_shots(1000, 8, seed),
        lambda seed: stratified_shots(CODES, 3, seed),
        lambda seed: spread_shots(np.arange(100.0), 8, seed),
    ):
        assert np.array_equal(draw(1), draw(1))
        assert not np.array_equal(draw(1), draw(2))


def test_random_shots_are_different_rows_and_at_most_all():
    assert len(set(random_shots(100, 10, 0))) == 10
    assert sorted(random_shots(3, 10, 0)) == [0, 1, 2]


def test_each_class_gives_the_same_number_or_all_it_has():
    shots = stratified_shots(CODES, 3, 0)
    assert len(set(shots)) == len(shots)
    assert np.bincount(CODES[shots]).tolist() == [3, 3, 1]


def test_classes_take_turns():
    codes = np.repeat(np.arange(4, dtype=np.int32), 10)
    shots = stratified_shots(codes, 5, 0)
    turns = codes[shots].reshape(5, 4)
    assert all(sorted(turn) == [0, 1, 2, 3] for turn in turns.tolist())
    assert len({tuple(turn) for turn in turns.tolist()}) > 1


def test_numbers_are_drawn_from_low_to_high():
    values = np.concatenate([np.arange(90.0), [np.nan] * 10])[::-1]
    shots = spread_shots(values, 9, 0)
    assert sorted((values[shots] // 10).astype(int)) == list(range(9))
    assert len(spread_shots(values, 200, 0)) == 90
    assert len(spread_shots(values, 0, 0)) == 0


def test_the_nearest_row_is_shown_last():
    train = np.array([[1, 0], [0, 1], [1, 1], [-1, 0], [0, 0]], dtype=np.float32)
    near = cosines(np.array([[2, 0], [0, 5]], dtype=np.float32), train)
    assert [rows.tolist() for rows in nearest_shots(near, 2)] == [[2, 0], [2, 1]]


def test_equally_near_rows_come_in_the_order_of_training_rows():
    near = np.ones((1, 4), dtype=np.float32)
    assert nearest_shots(near, 3)[0].tolist() == [2, 1, 0]


def test_a_barred_row_is_never_shown_even_where_too_few_are_left():
    near = np.array([[0.9, 0.5, 0.1], [0.9, 0.5, 0.1]], dtype=np.float32)
    barred = np.array([[True, False, False], [True, True, True]])
    found = [rows.tolist() for rows in nearest_shots(near, 5, barred)]
    assert found == [[2, 1], []]


def test_more_shots_than_rows_are_all_rows():
    near = np.random.default_rng(0).normal(size=(7, 50)).astype(np.float32)
    assert all(sorted(rows) == list(range(50)) for rows in nearest_shots(near, 80))
