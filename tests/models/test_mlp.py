from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")

from bakeoff.models.nets.mlp import ColumnVectors, Mlp, TableMlp  # noqa: E402 - torch may be absent
from bakeoff.training.seeds import seeded  # noqa: E402 - as above


@pytest.mark.parametrize("norm", ["layer", "none"])
@pytest.mark.parametrize("hidden", [(), (16,), (16, 8)])
def test_shapes_are_as_asked(norm, hidden):
    net = Mlp(5, 3, hidden=hidden, norm=norm)
    assert net(torch.zeros(7, 5)).shape == (7, 3)
    norms = [layer for layer in net.layers if isinstance(layer, torch.nn.LayerNorm)]
    assert len(norms) == (len(hidden) if norm == "layer" else 0)


def test_each_category_has_its_vector():
    columns = ColumnVectors(2, (3, 5)).eval()
    codes = torch.tensor([[1, 4], [2, 4], [1, 0]])
    found = columns(torch.zeros(3, 2), codes)
    assert found.shape == (3, columns.size)
    first = columns.embeddings[0].embedding_dim
    torch.testing.assert_close(found[0, 2 : 2 + first], found[2, 2 : 2 + first])
    assert not torch.allclose(found[0, 2 : 2 + first], found[1, 2 : 2 + first])


def test_some_categories_are_hidden_while_training_so_that_unknown_is_learned():
    columns = ColumnVectors(0, (3,)).train()
    with seeded(0, "hide"):
        columns(torch.zeros(4000, 0), torch.ones(4000, 1, dtype=torch.int64)).sum().backward()
    gradient = columns.embeddings[0].weight.grad[:, 0]
    assert 100 < gradient[0] < 300
    assert gradient[2] == 0


def test_a_table_without_categories_or_without_numbers_is_taken():
    codes = torch.zeros(4, 0, dtype=torch.int64)
    assert TableMlp(3, (), 2)(torch.zeros(4, 3), codes).shape == (4, 2)
    assert TableMlp(0, (3,), 2)(torch.zeros(4, 0), codes.new_zeros(4, 1)).shape == (4, 2)
