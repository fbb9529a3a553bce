from __future__ import annotations

import pytest
import torch

from bakeoff.core.errors import UsageError
from bakeoff.models.nets.pooling import AttentionPooling, make_pooling

STATES = torch.tensor(
    [
        [[1.0, -4.0], [3.0, -2.0], [99.0, 99.0]],
        [[5.0, -1.0], [99.0, 99.0], [99.0, 99.0]],
    ]
)
MASK = torch.tensor([[True, True, False], [True, False, False]])


@pytest.mark.parametrize(
    ("name", "both", "expected"),
    [
        ("mean", False, [[2.0, -3.0], [5.0, -1.0]]),
        ("max", False, [[3.0, -2.0], [5.0, -1.0]]),
        ("last", False, [[3.0, -2.0], [5.0, -1.0]]),
        ("last", True, [[3.0, -4.0], [5.0, -1.0]]),
    ],
)
def test_padding_is_not_pooled(name, both, expected):
    assert make_pooling(name, 2, both=both)(STATES, MASK).tolist() == expected


def test_attention_is_a_mean_with_weights_that_a_state_alone_decides():
    pooling = AttentionPooling(2)
    with torch.no_grad():
        pooling.hidden.weight.copy_(torch.eye(2))
        pooling.hidden.bias.zero_()
        pooling.question.weight.copy_(torch.tensor([[2.0, 0.0]]))
    weights = pooling.weights(STATES, MASK)
    expected = torch.softmax(2 * torch.tanh(torch.tensor([1.0, 3.0])), dim=0)
    torch.testing.assert_close(weights[0, :2], expected)
    assert weights[0, 2] == 0
    assert weights[1].tolist() == [1, 0, 0]
    pooled = pooling(STATES, MASK)
    torch.testing.assert_close(pooled[0], expected @ STATES[0, :2])


def test_an_unknown_pooling_is_refused_with_the_nearest_name():
    with pytest.raises(UsageError, match="no pooling 'atention'") as caught:
        make_pooling("atention", 4)
    assert "attention" in str(caught.value.fix)
