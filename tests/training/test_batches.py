"""Batches: every row once, within the limits, the same again for the same epoch."""

import numpy as np
import pytest

from bakeoff.training.batches import equal_length_batches, training_batches

LENGTHS = np.random.default_rng(0).integers(1, 60, 500)


def drawn(**changes):
    settings = {"seed": 0, "epoch": 0, "batch_tokens": 300, "batch_rows": 16, **changes}
    return training_batches(LENGTHS, **settings)


def test_every_row_stands_in_one_batch_within_both_limits():
    batches = drawn()
    assert sorted(np.concatenate(batches)) == list(range(500))
    assert max(map(len, batches)) <= 16
    assert max(len(batch) * LENGTHS[batch].max() for batch in batches) <= 300


def test_little_is_padded():
    filled = sum(len(batch) * LENGTHS[batch].max() for batch in drawn())
    assert filled < 1.1 * LENGTHS.sum()


def test_an_epoch_draws_the_same_again_and_the_next_one_otherwise():
    first, again, later, other = (
        np.concatenate(batches) for batches in (drawn(), drawn(), drawn(epoch=1), drawn(seed=1))
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, later)
    assert not np.array_equal(first, other)


def test_a_row_longer_than_the_limit_stands_alone():
    lengths = np.array([5, 1000, 5])
    batches = training_batches(lengths, seed=0, epoch=0, batch_tokens=20, batch_rows=8)
    assert sorted(map(sorted, batches)) == [[0, 2], [1]]


@pytest.mark.parametrize("count", [0, 1, 500])
def test_batches_of_one_length_hold_no_other(count):
    batches = equal_length_batches(LENGTHS[:count], batch_tokens=200, batch_rows=8)
    assert sorted(i for batch in batches for i in batch) == list(range(count))
    for batch in batches:
        assert len(set(LENGTHS[batch])) == 1
        assert len(batch) <= 8
