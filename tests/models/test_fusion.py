from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")

from bakeoff.models.nets.fusion import (  # noqa: E402 - torch may be absent
    FUSIONS,
    ColumnCells,
    CrossAttention,
    FrozenCells,
    Fusion,
    PixelCells,
    WordCells,
)
from bakeoff.training.seeds import seeded  # noqa: E402 - as above

N, SIZE = 6, 8


@pytest.fixture
def batch():
    generator = torch.Generator().manual_seed(0)
    mask = torch.arange(5) < torch.tensor([5, 5, 3, 1, 5, 2])[:, None]
    tokens = torch.randint(1, 20, (N, 5), generator=generator) * mask
    return {
        "text_tokens": tokens,
        "text_mask": mask,
        "image_pictures": torch.rand((N, 2, 12, 12, 3), generator=generator),
        "columns_numbers": torch.rand((N, 3), generator=generator),
        "columns_codes": torch.randint(0, 4, (N, 1), generator=generator),
    }


def net(fusion):
    with seeded(0, "weights"):
        branches = {
            "text": WordCells(20, SIZE),
            "image": PixelCells(SIZE),
            "columns": ColumnCells(3, (4,), SIZE, 0.0),
        }
        return Fusion(branches, 3, fusion=fusion, size=SIZE, dropout=0.0).eval()


def test_branches_give_cells_of_one_size(batch):
    made = net("late").branches
    text, mask = made["text"](batch["text_tokens"], batch["text_mask"])
    assert (text.shape, mask.sum().item()) == ((N, 5, SIZE), 21)
    image, there = made["image"](batch["image_pictures"])
    assert image.shape == (N, 2 * 4, SIZE)
    assert there.all()
    columns, _ = made["columns"](batch["columns_numbers"], batch["columns_codes"])
    assert columns.shape == (N, 1, SIZE)
    frozen, _ = FrozenCells(11, SIZE, 0.0)(torch.zeros(N, 4, 11), torch.ones(N, 4, dtype=bool))
    assert frozen.shape == (N, 4, SIZE)


@pytest.mark.parametrize("fusion", FUSIONS)
def test_every_branch_moves_the_output(fusion, batch):
    fused = net(fusion)
    before = fused(**batch)
    assert before.shape == (N, 3)
    for name in ("text_tokens", "image_pictures", "columns_numbers"):
        moved = fused(**(batch | {name: batch[name].flip(0)}))
        assert not torch.allclose(moved, before, atol=1e-6), name


@pytest.mark.parametrize("fusion", FUSIONS)
def test_padding_changes_nothing(fusion, batch):
    fused = net(fusion)
    more = torch.nn.functional.pad
    longer = batch | {
        "text_tokens": more(batch["text_tokens"], (0, 4)),
        "text_mask": more(batch["text_mask"], (0, 4)),
    }
    torch.testing.assert_close(fused(**longer), fused(**batch), rtol=1e-4, atol=1e-5)


def test_late_fusion_is_the_mean_of_the_branches_to_begin_with(batch):
    fused = net("late")
    whole = fused(**batch)
    alone = []
    for chosen in range(3):
        fused.weights.data = torch.full((3,), -50.0)
        fused.weights.data[chosen] = 0.0
        alone.append(fused(**batch))
    torch.testing.assert_close(whole, torch.stack(alone).mean(dim=0))


def test_late_fusion_leaves_branches_out_while_training():
    outputs = torch.eye(3).repeat(500, 1, 1)  # a branch's output says which branch it is
    fused = net("late").train()
    with seeded(0, "left out"):
        found = fused._averaged(outputs)
    torch.testing.assert_close(found.sum(dim=1), torch.ones(500))
    used = (found > 0).sum(dim=1)
    assert set(used.tolist()) == {1, 2, 3}
    torch.testing.assert_close(fused.eval()._averaged(outputs), torch.full((500, 3), 1 / 3))


def test_a_word_asks_the_places_of_a_picture():
    with seeded(0, "attention"):
        attention = CrossAttention(SIZE, 0.0).eval()
        cells, others, noise = (
            torch.randn(2, 3, SIZE),
            torch.randn(2, 4, SIZE),
            torch.randn(2, SIZE),
        )
    seen = torch.tensor([[True, True, False, False]] * 2)
    before = attention(cells, others, seen)
    hidden, shown = others.clone(), others.clone()
    hidden[:, 2] += noise
    shown[:, 1] += noise
    torch.testing.assert_close(attention(cells, hidden, seen), before)
    assert not torch.allclose(attention(cells, shown, seen), before, atol=1e-3)
