"""What is masked: as many tokens in each row, never a special one, by the draws alone."""

import pytest
import torch

from bakeoff.models.pretraining.masking import chosen_of, mask_tokens

BEGIN, SEPARATOR, MASK, VOCABULARY = 2, 3, 4, 50


@pytest.fixture
def masked():
    generator = torch.Generator().manual_seed(0)
    tokens = torch.randint(5, VOCABULARY, (200, 40), generator=generator)
    tokens[:, 0], tokens[:, 20], tokens[:, -1] = BEGIN, SEPARATOR, SEPARATOR
    draws = torch.rand(200, 3, 40, generator=generator)
    special = (BEGIN, SEPARATOR)
    found = mask_tokens(tokens, draws, mask=MASK, vocabulary=VOCABULARY, special=special)
    return tokens, found


def test_the_same_number_of_each_row_is_chosen(masked):
    _, found = masked
    assert found.positions.shape == (200, 6)
    assert chosen_of(40) == 6
    assert chosen_of(3) == 1
    assert all(len(set(row.tolist())) == 6 for row in found.positions)


def test_labels_are_what_stood_there_and_never_special(masked):
    tokens, found = masked
    assert torch.equal(tokens.gather(1, found.positions), found.labels)
    assert not ((found.labels == BEGIN) | (found.labels == SEPARATOR)).any()


def test_only_chosen_tokens_change(masked):
    tokens, found = masked
    chosen = torch.zeros_like(tokens, dtype=torch.bool).scatter(1, found.positions, value=True)
    assert torch.equal(found.inputs[~chosen], tokens[~chosen])


def test_four_in_five_are_masked_and_half_of_the_rest_are_left(masked):
    _, found = masked
    seen = torch.zeros_like(found.labels) + 0
    for row in range(200):
        seen[row] = found.inputs[row, found.positions[row]]
    assert (seen == MASK).float().mean().item() == pytest.approx(0.8, abs=0.04)
    assert (seen == found.labels).float().mean().item() == pytest.approx(0.1, abs=0.03)
