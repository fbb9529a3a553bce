"""Losses: as torch's own where torch has one, and the same from any pieces of a batch."""

import math

import pytest
import torch
from torch.nn import functional

from bakeoff.training.losses import Loss
from bakeoff.training.recipe import Recipe
from bakeoff.training.seeds import seeded

CODES = torch.tensor([0, 0, 0, 0, 1, 1, 2, 0])


@pytest.fixture
def logits():
    with seeded(0, "logits"):
        return torch.randn(8, 3)


def mean(loss, outputs, targets):
    return loss.sum(outputs, targets) / loss.weight(targets)


@pytest.mark.parametrize("smoothing", [0.0, 0.2])
def test_cross_entropy_is_torchs(logits, smoothing):
    loss = Loss.of(Recipe(label_smoothing=smoothing), CODES, None)
    expected = functional.cross_entropy(logits, CODES, label_smoothing=smoothing)
    assert torch.allclose(mean(loss, logits, CODES), expected)


def test_balanced_weights_are_torchs_weighted_mean_and_each_class_weighs_the_same(logits):
    loss = Loss.of(Recipe(class_weights="balanced"), CODES, None)
    assert loss.class_weights.tolist() == pytest.approx([8 / 15, 8 / 6, 8 / 3])
    expected = functional.cross_entropy(logits, CODES, weight=loss.class_weights)
    assert torch.allclose(mean(loss, logits, CODES), expected)
    assert loss.weight(CODES) == pytest.approx(8)


def test_a_class_that_was_not_learned_from_weighs_one():
    loss = Loss.of(Recipe(class_weights="balanced"), torch.tensor([0, 0, 2]), torch.tensor([4]))
    assert loss.class_weights.tolist() == [0.75, 1.0, 1.5, 1.0, 1.0]


def test_numbers_have_the_mean_squared_error_whatever_the_class_weights():
    numbers, outputs = torch.tensor([1.0, 2.0]), torch.tensor([[1.5], [4.0]])
    loss = Loss.of(Recipe(class_weights="balanced", label_smoothing=0.5), numbers, None)
    assert mean(loss, outputs, numbers).item() == pytest.approx((0.25 + 4) / 2)


@pytest.mark.parametrize("weights", ["none", "balanced"])
def test_pieces_add_up_to_the_whole(logits, weights):
    loss = Loss.of(Recipe(class_weights=weights, label_smoothing=0.1), CODES, None)
    pieces = sum(loss.sum(logits[i : i + 3], CODES[i : i + 3]) for i in (0, 3, 6))
    assert torch.allclose(pieces / loss.weight(CODES), mean(loss, logits, CODES))


def test_shares_of_classes_are_torchs_soft_targets(logits):
    shares = torch.softmax(logits.flip(0), dim=1)
    loss = Loss.of(Recipe(), shares, CODES)
    assert torch.allclose(mean(loss, logits, shares), functional.cross_entropy(logits, shares))


def test_shares_that_are_all_one_class_weigh_as_that_class(logits):
    shares = functional.one_hot(CODES, 3).float()
    balanced = Recipe(class_weights="balanced")
    hard = mean(Loss.of(balanced, CODES, None), logits, CODES)
    assert torch.allclose(mean(Loss.of(balanced, shares, None), logits, shares), hard)


PLACES = torch.tensor([[0, 2, -100, 1], [-100, -100, 1, 1]])


@pytest.fixture
def logits_of_places():
    with seeded(1, "logits"):
        return torch.randn(2, 4, 3)


@pytest.mark.parametrize("smoothing", [0.0, 0.2])
def test_codes_for_each_place_are_torchs_mean_over_the_places_asked(logits_of_places, smoothing):
    loss = Loss.of(Recipe(label_smoothing=smoothing), PLACES, None)
    expected = functional.cross_entropy(
        logits_of_places.transpose(1, 2), PLACES, label_smoothing=smoothing
    )
    assert loss.weight(PLACES) == 5
    assert torch.allclose(mean(loss, logits_of_places, PLACES), expected)


def test_the_loss_of_places_by_hand():
    # Two classes; logits of 0 and log 3 give chances of 1/4 and 3/4.
    outputs = torch.tensor([[[0.0, math.log(3)], [0.0, 0.0], [9.0, -9.0]]])
    targets = torch.tensor([[1, 0, -100]])
    loss = Loss.of(Recipe(), targets, None)
    expected = -(math.log(3 / 4) + math.log(1 / 2))
    assert loss.sum(outputs, targets).item() == pytest.approx(expected)
    assert loss.weight(targets) == 2


def test_pieces_of_rows_of_places_add_up_to_the_whole(logits_of_places):
    loss = Loss.of(Recipe(), PLACES, None)
    pieces = sum(loss.sum(logits_of_places[i : i + 1], PLACES[i : i + 1]) for i in (0, 1))
    assert torch.allclose(pieces, loss.sum(logits_of_places, PLACES))
    assert sum(loss.weight(PLACES[i : i + 1]) for i in (0, 1)) == loss.weight(PLACES)
