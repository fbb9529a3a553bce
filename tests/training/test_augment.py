"""Augmented rows: what changes, what stays, and that the same batch is drawn the same again."""

import numpy as np
import pytest
import torch

from bakeoff.core.errors import UsageError
from bakeoff.training.augment import make_augmenter
from bakeoff.training.rows import ArrayRows, JoinedRows, TokenRows

PAD, BEGIN, UNKNOWN = 0, 1, 2
ALL = np.arange(40)


@pytest.fixture
def texts():
    """Forty rows: a begin token, then 1 to 12 tokens, all different within a row."""
    draw = np.random.default_rng(0)
    sequences = [
        np.array([BEGIN, *(10 + draw.permutation(20)[: 1 + i % 12])], dtype=np.int32) for i in ALL
    ]
    return TokenRows(sequences)


@pytest.fixture
def pictures():
    """Forty pictures in which every pixel differs, 0 to 1."""
    values = np.arange(40 * 3 * 8 * 6, dtype=np.float32).reshape(40, 3, 8, 6)
    return ArrayRows({"pictures": values / values.max()})


def varied(spec, rows, *parts):
    batch = rows.batch(ALL[: len(rows)])
    before = {key: tensor.clone() for key, tensor in batch.items()}
    after = make_augmenter(spec, rows)(batch, 0, *(parts or (0, 0)))
    assert all(torch.equal(batch[key], tensor) for key, tensor in before.items())
    return before, after


def test_dropped_tokens_become_unknown_and_special_ones_and_padding_stay(texts):
    before, after = varied("token-dropout=0.4", texts)
    changed = before["tokens"] != after["tokens"]
    assert set(after["tokens"][changed].tolist()) == {UNKNOWN}
    assert not changed[:, 0].any()
    assert not changed[~before["mask"]].any()
    free = int(before["mask"].sum()) - 40
    assert 0.3 < int(changed.sum()) / free < 0.5


def test_swaps_keep_a_rows_tokens_and_move_each_by_one_place(texts):
    before, after = varied("swap=0.9", texts)
    assert (before["tokens"] != after["tokens"]).any()
    for old, new, mask in zip(before["tokens"], after["tokens"], before["mask"], strict=True):
        assert sorted(old.tolist()) == sorted(new.tolist())
        assert new[0] == BEGIN
        assert (new[~mask] == PAD).all()
        places = {token: place for place, token in enumerate(old[mask].tolist())}
        moves = [abs(places[token] - place) for place, token in enumerate(new[mask].tolist())]
        assert max(moves) <= 1


def test_swaps_do_not_carry_tokens_from_one_text_of_a_pair_into_the_other():
    sequences = [np.array([10, 11, 12, 13], dtype=np.int32)] * 40
    kinds = [np.array([0, 0, 1, 1], dtype=np.int32)] * 40
    _, after = varied("swap=0.9", TokenRows(sequences, kinds))
    assert {frozenset(row) for row in after["tokens"][:, :2].tolist()} == {frozenset({10, 11})}


def test_shifted_pictures_hold_their_middle_moved(pictures):
    before, after = varied("shift=2", pictures)
    moves = set()
    for old, new in zip(before["pictures"], after["pictures"], strict=True):
        found = [
            (y, x)
            for y in range(-2, 3)
            for x in range(-2, 3)
            if torch.equal(new[:, 2:6, 2:4], old[:, 2 + y : 6 + y, 2 + x : 4 + x])
        ]
        assert len(found) == 1
        moves.add(found[0])
    assert len(moves) > 10


def test_about_half_of_the_pictures_are_mirrored(pictures):
    before, after = varied("flip", pictures)
    mirrored = [
        torch.equal(new, old.flip(2))
        for old, new in zip(before["pictures"], after["pictures"], strict=True)
    ]
    same = [
        torch.equal(new, old)
        for old, new in zip(before["pictures"], after["pictures"], strict=True)
    ]
    assert 10 <= sum(mirrored) <= 30
    assert sum(mirrored) + sum(same) == 40


def test_a_square_at_most_is_painted_over(pictures):
    before, after = varied("cutout=3", pictures)
    changed = (before["pictures"] != after["pictures"]).any(dim=1).sum(dim=(1, 2))
    assert int(changed.min()) >= 1
    assert int(changed.max()) == 9


def test_rotation_by_nothing_changes_nothing_and_a_little_changes_little(pictures):
    before, after = varied("rotate=0", pictures)
    assert torch.allclose(before["pictures"], after["pictures"], atol=1e-5)
    before, after = varied("rotate=10", pictures)
    assert not torch.equal(before["pictures"], after["pictures"])
    assert torch.allclose(before["pictures"].mean(), after["pictures"].mean(), atol=0.01)


def test_a_quarter_turn_turns_by_a_quarter():
    from bakeoff.training.augment import _rotate

    class Quarter:
        def uniform(self, least, most, n):
            return np.full(n, 90.0)

    picture = torch.arange(16.0).reshape(1, 1, 4, 4)
    turned = _rotate(picture, 90, Quarter())
    assert any(torch.allclose(turned, picture.rot90(k, (2, 3)), atol=1e-4) for k in (1, 3))


@pytest.mark.parametrize("spec", ["shift", "flip", "cutout", "rotate"])
def test_pictures_of_whole_numbers_stay_such(spec):
    whole = torch.randint(0, 256, (40, 3, 8, 6), dtype=torch.uint8)
    rows = ArrayRows({"pictures": np.zeros((40, 3, 8, 6), dtype=np.uint8)})
    after = make_augmenter(spec, rows)({"pictures": whole}, 0, 0)
    assert after["pictures"].dtype == torch.uint8
    assert after["pictures"].shape == whole.shape


def test_the_same_batch_is_drawn_the_same_and_another_one_otherwise(texts):
    first, again, other = (
        varied("token-dropout,swap", texts, *parts)[1]["tokens"]
        for parts in [(1, 2), (1, 2), (1, 3)]
    )
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_joined_rows_are_varied_part_by_part(texts, pictures):
    rows = JoinedRows({"text": texts, "image": pictures})
    before, after = varied("token-dropout=0.5,flip", rows)
    assert not torch.equal(before["text_tokens"], after["text_tokens"])
    assert not torch.equal(before["image_pictures"], after["image_pictures"])


def test_an_augmentation_with_nothing_to_vary_is_refused(texts):
    with pytest.raises(UsageError, match="'flip' varies image rows"):
        make_augmenter("swap,flip", texts)
