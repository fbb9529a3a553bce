"""Streams lose nothing, and half of the pairs are strangers whose joint tells nothing."""

import numpy as np

from bakeoff.models.pretraining.packing import draw_pairs, join

SEPARATOR = 3


def test_documents_stand_in_order_each_with_its_end():
    documents = [np.array(d, dtype=np.int32) for d in ([7, 8], [], [9])]
    assert join(documents, SEPARATOR).tolist() == [7, 8, SEPARATOR, 9, SEPARATOR]


def test_no_document_gives_an_empty_stream():
    assert join([], SEPARATOR).shape == (0,)


def _rows():
    rows = np.random.default_rng(0).integers(5, 90, (101, 40)).astype(np.int32)
    rows[:, ::6] = SEPARATOR
    return rows


def test_half_of_the_pairs_are_strangers():
    pairs = draw_pairs(_rows(), SEPARATOR, seed=0)
    assert pairs.strangers.sum() == 50
    assert (pairs.strangers == (pairs.others != np.arange(101))).all()


def test_every_joint_lies_inside_a_document():
    rows = _rows()
    pairs = draw_pairs(rows, SEPARATOR, seed=0)
    for row, (split, other) in enumerate(zip(pairs.splits, pairs.others, strict=True)):
        assert 10 <= split < 30
        assert SEPARATOR not in rows[row, split - 1 : split + 1]
        assert SEPARATOR not in rows[other, split - 1 : split + 1]


def test_the_seed_decides_the_pairs():
    one, same, another = (draw_pairs(_rows(), SEPARATOR, seed=seed) for seed in (1, 1, 2))
    assert (one.others == same.others).all()
    assert (one.splits != another.splits).any()
