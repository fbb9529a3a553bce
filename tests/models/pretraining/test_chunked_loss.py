"""The chunked loss is torch's own, to rounding, and so are its gradients."""

import pytest
import torch
from torch.nn import functional

from bakeoff.models.pretraining import chunked_loss as module
from bakeoff.models.pretraining.chunked_loss import chunked_loss


@pytest.fixture(params=[True, False], ids=["bias", "no bias"])
def parts(request):
    drawn = torch.Generator().manual_seed(0)
    states, weight = torch.randn(23, 8, generator=drawn), torch.randn(31, 8, generator=drawn)
    bias = torch.randn(31, generator=drawn) if request.param else None
    labels = torch.randint(0, 31, (23,), generator=drawn)
    return states, weight, bias, labels


def _learning(parts):
    return [None if each is None else each.clone().requires_grad_() for each in parts[:3]]


@pytest.mark.parametrize("at_once", [31, 31 * 5, 10**6])
def test_loss_and_gradients_are_those_of_cross_entropy(parts, at_once, monkeypatch):
    monkeypatch.setattr(module, "LOGITS_AT_ONCE", {"cpu": at_once})
    plain, ours = _learning(parts), _learning(parts)
    labels = parts[3]
    logits = functional.linear(*plain)
    expected = functional.cross_entropy(logits, labels, reduction="sum")
    (expected * 0.7).backward()
    found = chunked_loss(*ours, labels)
    (found * 0.7).backward()
    torch.testing.assert_close(found, expected)
    for mine, torchs in zip(ours, plain, strict=True):
        if mine is not None:
            torch.testing.assert_close(mine.grad, torchs.grad, atol=1e-5, rtol=1e-5)


def test_under_autocast_products_are_bf16_and_gradients_float32(parts):
    states, weight, bias = _learning(parts)
    with torch.autocast("cpu", torch.bfloat16):
        found = chunked_loss(states, weight, bias, parts[3])
    found.backward()
    exact = functional.cross_entropy(functional.linear(*parts[:3]), parts[3], reduction="sum")
    assert found.dtype == torch.float32
    assert weight.grad.dtype == torch.float32
    assert found.item() == pytest.approx(exact.item(), rel=0.02)


def test_without_gradients_none_are_computed(parts):
    with torch.inference_mode():
        found = chunked_loss(*parts)
    assert not found.requires_grad
