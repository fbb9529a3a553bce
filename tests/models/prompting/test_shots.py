"""Which training rows are shown as examples."""

import numpy as np

from bakeoff.models.prompting.shots import (
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
    asked = np.array([[2, 0], [0, 5]], dtype=np.float32)
    assert nearest_shots(train, asked, 2).tolist() == [[2, 0], [2, 1]]


def test_equally_near_rows_come_in_the_order_of_training_rows():
    train = np.ones((4, 3), dtype=np.float32)
    assert nearest_shots(train, train[:1], 3).tolist() == [[2, 1, 0]]


def test_blocks_of_asked_rows_change_nothing():
    rng = np.random.default_rng(0)
    train, asked = rng.normal(size=(50, 8)), rng.normal(size=(1500, 8))
    whole = nearest_shots(train, asked, 5)
    assert whole.shape == (1500, 5)
    assert np.array_equal(whole[1100:1110], nearest_shots(train, asked[1100:1110], 5))
    assert nearest_shots(train, asked, 80).shape == (1500, 50)
