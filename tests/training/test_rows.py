"""Rows become tensors a batch at a time."""

import numpy as np
import torch

from bakeoff.training.rows import ArrayRows, JoinedRows, TokenRows

SEQUENCES = [np.array(row, dtype=np.int32) for row in ([5, 6, 7], [8], [9, 4])]


def test_texts_are_filled_up_and_masked():
    rows = TokenRows(SEQUENCES, kinds=[np.ones(len(s), dtype=np.int32) for s in SEQUENCES], pad=3)
    batch = rows.batch(np.array([1, 0]))
    assert rows.lengths().tolist() == [3, 1, 2]
    assert batch["tokens"].tolist() == [[8, 3, 3], [5, 6, 7]]
    assert batch["mask"].tolist() == [[True, False, False], [True, True, True]]
    assert batch["kinds"].tolist() == [[1, 0, 0], [1, 1, 1]]
    assert {key: value.dtype for key, value in batch.items()} == {
        "tokens": torch.int64,
        "mask": torch.bool,
        "kinds": torch.int64,
    }


def test_pictures_of_whole_numbers_become_shares_of_one():
    pictures = np.array([[[[0, 255]]], [[[51, 102]]]], dtype=np.uint8)
    rows = ArrayRows({"pictures": pictures})
    found = rows.batch(np.array([1]))["pictures"]
    assert torch.allclose(found, torch.tensor([[[[0.2, 0.4]]]]))
    assert rows.lengths().tolist() == [1, 1]


def test_joined_rows_cost_as_much_as_their_longest_part():
    features = ArrayRows({"features": np.eye(3, dtype=np.float32)})
    rows = JoinedRows({"text": TokenRows(SEQUENCES), "table": features})
    assert len(rows) == 3
    assert rows.lengths().tolist() == [3, 1, 2]
    assert set(rows.batch(np.array([0]))) == {"text_tokens", "text_mask", "table_features"}
