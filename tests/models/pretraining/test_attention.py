"""Attention written out gives what the fused kernel gives; what it does not do is left to that."""

from types import SimpleNamespace

import pytest
import torch
from torch.nn import functional
from transformers import GPT2Config, GPT2LMHeadModel

from bakeoff.models.pretraining import attention as module
from bakeoff.models.pretraining.attention import NAME, attend, choose_attention

CAUSAL, FREE = SimpleNamespace(is_causal=True), SimpleNamespace(is_causal=False)


def _parts(length=12, dtype=torch.bfloat16):
    drawn = torch.Generator().manual_seed(0)
    return [torch.randn(2, 3, length, 8, generator=drawn).to(dtype) for _ in range(3)]


@pytest.fixture
def left_to_torch(monkeypatch):
    """Return calls of the fused kernel."""
    calls = []

    def fused(*_, **__):
        calls.append(1)
        return torch.zeros(1), None

    monkeypatch.setattr(module, "sdpa_attention_forward", fused)
    return calls


@pytest.mark.parametrize("layer", [CAUSAL, FREE], ids=["causal", "both ways"])
@pytest.mark.parametrize("scaling", [None, 0.2])
def test_values_and_gradients_are_those_of_exact_attention(layer, scaling, left_to_torch):
    mine = [each.requires_grad_() for each in _parts()]
    exact = [each.detach().float().requires_grad_() for each in mine]
    found, weights = attend(layer, *mine, None, scaling=scaling, dropout=0.0)
    expected = functional.scaled_dot_product_attention(
        *exact, is_causal=layer.is_causal, scale=scaling
    ).transpose(1, 2)
    assert weights is None
    assert left_to_torch == []
    torch.testing.assert_close(found.float(), expected, atol=0.03, rtol=0.03)
    found.float().square().sum().backward()
    expected.square().sum().backward()
    for one, other in zip(mine, exact, strict=True):
        apart = (one.grad.float() - other.grad).norm() / other.grad.norm()
        assert float(apart) < 0.02


def test_a_causal_token_sees_nothing_after_it():
    query, key, value = _parts()
    before, _ = attend(CAUSAL, query, key, value, None)
    key[:, :, -1], value[:, :, -1] = 9.0, 9.0
    after, _ = attend(CAUSAL, query, key, value, None)
    torch.testing.assert_close(after[:, :-1], before[:, :-1], atol=0, rtol=0)
    assert not torch.equal(after[:, -1], before[:, -1])


@pytest.mark.parametrize(
    ("parts", "mask", "options"),
    [
        (_parts(dtype=torch.float32), None, {}),
        (_parts(module.LONGEST + 1), None, {}),
        (_parts(), torch.ones(2, 1, 12, 12, dtype=torch.bool), {}),
        (_parts(), None, {"dropout": 0.1}),
        ([_parts()[0][:, :, -1:], *_parts()[1:]], None, {}),
    ],
    ids=["fp32", "long rows", "a mask", "dropout", "one token after others"],
)
def test_all_else_is_left_to_torch(parts, mask, options, left_to_torch):
    attend(CAUSAL, *parts, mask, **options)
    assert left_to_torch == [1]


def test_a_model_calls_it_without_a_mask_and_its_checkpoint_does_not_name_it(left_to_torch):
    config = GPT2Config(
        vocab_size=32,
        n_positions=16,
        n_embd=16,
        n_layer=2,
        n_head=2,
        bos_token_id=1,
        eos_token_id=1,
    )
    model = GPT2LMHeadModel(config).eval()
    choose_attention(model)
    tokens = torch.arange(16)[None]
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        model(input_ids=tokens, use_cache=False)
    assert left_to_torch == []
    assert NAME not in model.config.to_json_string()
