from __future__ import annotations

import torch

from bakeoff.models.nets.text_cnn import Convolutions


def test_a_filter_answers_where_its_phrase_stands():
    net = Convolutions(3, filters=1, spans=(2,))
    with torch.no_grad():
        net.convolutions[0].bias.fill_(-1.5)
        # One number a word of the phrase: the first feature, then the second.
        net.convolutions[0].weight.copy_(torch.tensor([[[1.0, 0], [0, 1], [0, 0]]]))
    words = torch.eye(3)[[2, 0, 1, 2, 0]][None]
    answers = net(words, torch.ones(1, 5, dtype=torch.bool))
    assert answers[0, :, 0].tolist() == [0, 0, 0.5, 0, 0]


def test_a_text_shorter_than_every_filter_is_answered():
    net = Convolutions(3, filters=2, spans=(3, 5))
    assert net(torch.ones(1, 1, 3), torch.ones(1, 1, dtype=torch.bool)).shape == (1, 1, 4)
