"""A token table cut down while a net learns: padding and other numbers kept straight."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from bakeoff.training.narrow import narrowed
from bakeoff.training.rows import ArrayRows, TokenRows
from bakeoff.training.trained import LabelledRows


class Model(nn.Module):
    def __init__(self, n_tokens=50):
        super().__init__()
        self.table = nn.Embedding(n_tokens, 3, padding_idx=1)

    def get_input_embeddings(self):
        return self.table

    def set_input_embeddings(self, table):
        self.table = table


def rows(*sequences):
    tokens = [np.array(each, dtype=np.int32) for each in sequences]
    return LabelledRows(TokenRows(tokens, pad=1), torch.zeros(len(tokens)))


def test_within_the_block_all_tokens_mean_what_they_meant():
    model, parts = Model(), [rows([7, 40, 7], [2]), rows([33])]
    whole = model.table.weight.detach().clone()
    with narrowed(model, parts) as small:
        assert model.table.num_embeddings == 6  # 0 and 1 up to the padding, 2, 7, 33, 40
        assert model.table.padding_idx == 1
        for part, old in zip(small, parts, strict=True):
            for new, before in zip(part.rows.sequences, old.rows.sequences, strict=True):
                assert model.table(torch.tensor(new)).equal(whole[torch.tensor(before)])
    assert model.table.weight.equal(whole)


@pytest.mark.parametrize("fails", [False, True])
def test_what_was_learned_stands_in_the_whole_table_afterwards(fails):
    model = Model()
    whole = model.table.weight.detach().clone()

    def work():
        with narrowed(model, [rows([7, 40])]), torch.no_grad():
            model.table.weight += 1
            if fails:
                raise MemoryError

    if fails:
        with pytest.raises(MemoryError):
            work()
    else:
        work()
    changed = (model.table.weight != whole).any(dim=1).nonzero().flatten().tolist()
    assert changed == [0, 1, 7, 40]


def test_nothing_is_done_where_nothing_is_gained():
    frozen, full, pictures = Model(), Model(n_tokens=5), Model()
    frozen.table.weight.requires_grad_(requires_grad=False)
    array = LabelledRows(ArrayRows({"pixels": np.zeros((1, 3))}), torch.zeros(1))
    for model, part in ((frozen, rows([7])), (full, rows([0, 1, 2, 3, 4])), (pictures, array)):
        table = model.table
        with narrowed(model, [part]) as same:
            assert model.table is table
            assert same[0] is part
