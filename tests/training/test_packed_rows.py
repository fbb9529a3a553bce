"""Rows of a stream: nothing padded, each token predicted once, segments joined as they should."""

from types import SimpleNamespace

import numpy as np
import pytest

from bakeoff.core.errors import DataError
from bakeoff.training.packed_rows import CausalRows, packed_rows

TOKENIZER = SimpleNamespace(cls_token_id=2, sep_token_id=3, eos_token_id=0)


def _stream(tokens):
    stream = np.random.default_rng(0).integers(5, 90, tokens).astype(np.uint32)
    stream[6::7] = 3
    return stream


def test_causal_rows_predict_every_token_but_the_first_once():
    rows = CausalRows(np.arange(33, dtype=np.uint32), 8)
    tokens = rows.batch(np.arange(len(rows)))["tokens"]
    assert len(rows) == 4
    assert tokens[:, 1:].flatten().tolist() == list(range(1, 33))


def test_masked_rows_hold_the_stream_between_begin_and_separator():
    stream = _stream(100)
    rows = packed_rows("mlm", stream, TOKENIZER, length=18, seed=0)
    tokens = rows.batch(np.arange(len(rows)))["tokens"]
    assert tokens.shape == (6, 18)
    assert set(tokens[:, 0].tolist()) == {2}
    assert set(tokens[:, -1].tolist()) == {3}
    assert tokens[:, 1:-1].flatten().tolist() == stream[:96].tolist()


def test_fixed_draws_belong_to_the_row_whatever_its_batch():
    rows = packed_rows("mlm", _stream(100), TOKENIZER, length=18, seed=0, fixed=True)
    together = rows.batch(np.array([1, 4]))["draws"]
    assert together.shape == (2, 3, 18)
    assert (rows.batch(np.array([4]))["draws"][0] == together[1]).all()


def test_pairs_are_two_segments_with_a_separator_between_and_behind():
    stream = _stream(400)
    rows = packed_rows("mlm+nsp", stream, TOKENIZER, length=19, seed=0)
    batch = rows.batch(np.arange(len(rows)))
    bodies = stream[: 25 * 16].reshape(25, 16)
    for row in range(25):
        split, other = rows.pairs.splits[row], rows.pairs.others[row]
        expected = [2, *bodies[row, :split], 3, *bodies[other, split:], 3]
        assert batch["tokens"][row].tolist() == expected
        assert batch["kinds"][row].tolist() == [0] * (split + 2) + [1] * (17 - split)
        assert batch["strangers"][row] == (other != row)


@pytest.mark.parametrize(("objective", "least"), [("clm", 19), ("mlm", 16), ("mlm+nsp", 30)])
def test_a_text_shorter_than_a_row_is_refused(objective, least):
    packed_rows(objective, _stream(least), TOKENIZER, length=18, seed=0)
    with pytest.raises(DataError, match=f"{least} are needed"):
        packed_rows(objective, _stream(least - 1), TOKENIZER, length=18, seed=0)
