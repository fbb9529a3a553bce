"""Causal nets over bytes: no place sees what comes after it, and nats are torch's."""

import pytest
import torch
from torch.nn import functional

from bakeoff.models.nets.language import (
    NOT_ASKED,
    START,
    CausalTransformer,
    Nats,
    RecurrentLanguageNet,
)
from bakeoff.training.seeds import seeded

LENGTH = 12


def recurrent(cell):
    return lambda: RecurrentLanguageNet(cell, 8, 16, layers=2, dropout=0.1)


def transformer(learned):
    return lambda: CausalTransformer(
        16, layers=2, heads=2, context=LENGTH, dropout=0.1, learned=learned
    )


NETS = {
    "rnn": recurrent("rnn"),
    "lstm": recurrent("lstm"),
    "gru": recurrent("gru"),
    "transformer": transformer(learned=False),
    "gpt": transformer(learned=True),
}


@pytest.fixture(params=NETS)
def net(request):
    with seeded(0, "net"):
        return NETS[request.param]().eval()


@pytest.fixture
def tokens():
    with seeded(1, "tokens"):
        drawn = torch.randint(0, 256, (3, LENGTH))
    drawn[:, 0] = START
    return drawn


@torch.no_grad()
@pytest.mark.parametrize("place", [1, 5, LENGTH - 1])
def test_a_place_sees_nothing_that_comes_after_it(net, tokens, place):
    changed = tokens.clone()
    changed[:, place:] = (changed[:, place:] + 1) % 256
    before, after = net(tokens), net(changed)
    assert torch.equal(before[:, :place], after[:, :place])
    assert not torch.allclose(before[:, place], after[:, place], atol=1e-7)


@torch.no_grad()
def test_a_place_sees_what_comes_before_it(net, tokens):
    changed = tokens.clone()
    changed[:, 1] = (changed[:, 1] + 1) % 256
    assert not torch.allclose(net(tokens)[:, 3], net(changed)[:, 3], atol=1e-9)


@torch.no_grad()
def test_every_byte_has_a_chance_and_the_start_has_none(net, tokens):
    logits = net(tokens)
    assert logits.shape == (3, LENGTH, 256)
    assert torch.isfinite(logits).all()


@torch.no_grad()
def test_nats_are_torchs_cross_entropy_of_what_is_asked(net, tokens):
    following = tokens.roll(-1, dims=1)
    following[:, -1] = NOT_ASKED
    following[1, :4] = NOT_ASKED
    logits = net(tokens)
    expected = [
        functional.cross_entropy(
            one[asked != NOT_ASKED], asked[asked != NOT_ASKED], reduction="sum"
        )
        for one, asked in zip(logits, following, strict=True)
    ]
    found = Nats(net)(tokens, following)
    assert found.shape == (3, 1)
    assert found[:, 0].tolist() == pytest.approx([float(one) for one in expected])


def test_a_fresh_gpt_finds_all_bytes_nearly_alike():
    with seeded(0, "net"):
        net = NETS["gpt"]().eval()
    with torch.no_grad():
        chances = torch.softmax(net(torch.tensor([[START, 97, 98]])), dim=2)
    assert torch.allclose(chances, torch.tensor(1 / 256), rtol=0.5)


def test_gpts_last_matrix_is_its_first():
    names = {name for name, _ in NETS["gpt"]().named_parameters()}
    assert not any(name.startswith("exit") for name in names)
    assert "positions" in names
