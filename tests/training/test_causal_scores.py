"""The shared way and the plain way give the same, and texts cost what their tokens cost."""

import numpy as np
import pytest

pytest.importorskip("torch")

import torch

from bakeoff.models.answer_tree import answer_tree
from bakeoff.models.causal import load_causal
from bakeoff.models.causal_source import find_causal
from bakeoff.training.causal_scores import (
    TOLERANCE,
    Questions,
    answer_scores,
    few_answers,
    token_nats,
    why_not_cached,
)

HERE = {"device": "cpu", "threads": 1}
LABELS = ["good", "good enough", "not good", "not bad", "x", "ein sehr langer Name", "好"]


@pytest.fixture(scope="module", params=["gpt2", "llama"])
def model(request, make_causal, tmp_path_factory):
    folder = make_causal(tmp_path_factory.mktemp(request.param), request.param, longest=512)
    return load_causal(find_causal(str(folder)))


def questions(model, labels=LABELS, prefix=150, lengths=(5, 9, 9, 40, 1, 5)):
    rng = np.random.default_rng(0)
    rows = tuple(rng.integers(3, model.vocabulary, n) for n in lengths)
    tree = answer_tree(model.tokens([f'{{"label": "{label}"}}' for label in labels]))
    return Questions(rng.integers(3, model.vocabulary, prefix), rows, tree)


@pytest.mark.parametrize("prefix", [0, 1, 150])
@pytest.mark.parametrize("labels", [LABELS, LABELS[:1], ["a", "b"]])
def test_the_shared_way_scores_as_the_plain_way_does(model, labels, prefix):
    asked = questions(model, labels, prefix)
    shared = answer_scores(model, asked, **HERE)
    plain = answer_scores(model, asked, **HERE, cached=False)
    assert shared.shape == (len(asked.rows), len(labels))
    np.testing.assert_allclose(shared, plain, atol=TOLERANCE, rtol=0)
    assert (shared.argmax(axis=1) == plain.argmax(axis=1)).all()


def test_labels_agree_on_many_rows(model):
    rng = np.random.default_rng(1)
    asked = questions(model, lengths=rng.integers(1, 30, 200))
    shared = answer_scores(model, asked, **HERE)
    plain = answer_scores(model, asked, **HERE, cached=False)
    assert (shared.argmax(axis=1) == plain.argmax(axis=1)).mean() >= 0.999


def test_a_score_is_the_sum_of_log_probabilities_of_the_answers_tokens(model):
    asked = questions(model)
    found = answer_scores(model, asked, **HERE)
    row, answer = 3, 5
    whole = [*asked.prefix, *asked.rows[row], *asked.tree.form, *asked.tree.answers[answer]]
    with torch.inference_mode():
        said = model.net(torch.tensor([whole])).logits[0].log_softmax(dim=1)
    n = len(asked.tree.answers[answer])
    expected = sum(float(said[-n - 1 + i, whole[-n + i]]) for i in range(n))
    assert found[row, answer] == pytest.approx(expected, abs=TOLERANCE)


def test_a_row_that_does_not_fit_has_no_scores_and_the_others_have(model):
    asked = questions(model, lengths=(5, 600, 9))
    found = answer_scores(model, asked, **HERE)
    assert np.isnan(found).all(axis=1).tolist() == [False, True, False]


def test_what_is_shared_is_counted_once(model):
    asked = questions(model, ["a", "b"], prefix=100, lengths=(10, 20))
    form = len(asked.tree.form)
    assert asked.shared_tokens().tolist() == [
        10 + form + asked.tree.n_nodes,
        20 + form + asked.tree.n_nodes,
    ]
    assert (asked.whole_tokens() - asked.shared_tokens()).tolist() == [100, 100]
    answers = sum(len(answer) - 1 for answer in asked.tree.answers)
    assert asked.plain_tokens().tolist() == [2 * (110 + form) + answers, 2 * (120 + form) + answers]


def test_a_net_whose_cache_says_something_else_is_found_out(model, monkeypatch):
    few = few_answers(questions(model))
    assert why_not_cached(model, few, **HERE) is None
    right = model.net.forward

    def forgets(*args, past_key_values=None, **kwargs):
        return right(*args, past_key_values=past_key_values, **{**kwargs, "position_ids": None})

    monkeypatch.setattr(model.net, "forward", forgets)
    reason = why_not_cached(model, few, **HERE)
    assert "other answers" in reason


def test_texts_cost_the_nats_of_their_tokens_whatever_stands_beside_them(model):
    texts = ["a good film", "", "x", "another film that was not good at all"]
    together = token_nats(model, texts, **HERE)
    for text, nats in zip(texts, together, strict=True):
        assert len(nats) == len(model.tokens([text])[0])
        np.testing.assert_allclose(token_nats(model, [text], **HERE)[0], nats, atol=1e-5)
    ids = [model.start(), *model.tokens(texts)[0]]
    with torch.inference_mode():
        said = model.net(torch.tensor([ids])).logits[0].log_softmax(dim=1)
    expected = [-float(said[i, token]) for i, token in enumerate(ids[1:])]
    np.testing.assert_allclose(together[0], expected, atol=1e-5)


def test_a_changed_end_leaves_the_nats_before_it(model):
    first, second = token_nats(model, ["one two three\nfour", "one two three\nfive six"], **HERE)
    shared = len(model.tokens(["one two three\n"])[0])
    np.testing.assert_allclose(first[:shared], second[:shared], atol=1e-5)


def test_a_text_longer_than_the_model_is_read_in_windows_and_no_token_is_lost(model):
    text = "a very long text that goes on and on " * 120
    (nats,) = token_nats(model, [text], **HERE)
    ids = [model.start(), *model.tokens([text])[0]]
    assert len(ids) > 2 * model.longest
    assert len(nats) == len(ids) - 1
    with torch.inference_mode():
        first = model.net(torch.tensor([ids[: model.longest]])).logits[0].log_softmax(dim=1)
    expected = [-float(first[i, ids[i + 1]]) for i in range(model.longest - 1)]
    np.testing.assert_allclose(nats[: model.longest - 1], expected, atol=1e-4)
