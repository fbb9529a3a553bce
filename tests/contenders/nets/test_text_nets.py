"""Nets over words: what they keep beyond the contract, whatever stands between words and answer."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from bakeoff.contenders.nets.gru import Gru
from bakeoff.contenders.nets.lstm import Lstm
from bakeoff.contenders.nets.rnn import Rnn
from bakeoff.contenders.nets.text_cnn import TextCnn
from bakeoff.contenders.nets.transformer import Transformer
from bakeoff.core.errors import ArtefactError, UsageError
from bakeoff.models.word_pieces import BUCKETS

SMALL = {"size": 16, "epochs": 4, "least_steps": 0, "learning_rate": 0.01, "batch_rows": 16}
NETS = [
    TextCnn(filters=8, **SMALL),
    Rnn(hidden=8, **SMALL),
    Lstm(hidden=8, **SMALL),
    Gru(hidden=8, **SMALL),
    Transformer(hidden=16, layers=1, heads=2, **SMALL),
]
each_net = pytest.mark.parametrize("net", NETS, ids=lambda net: net.card.name)


def probabilities(fitted, inputs, context):
    return fitted.predict(inputs, context).probabilities


@each_net
def test_odd_texts_are_answered_as_if_they_stood_alone(net, reviews, examples, context):
    fitted = net.fit(reviews, None, context)
    texts = ["", "?!", "zzz qqq", "food " * 5000, "很好吃", "lovely food"]
    odd = examples({"text": texts}, {"text": "text"}, ["bad", "good", "so"] * 2).inputs
    found = probabilities(fitted, odd, context)
    np.testing.assert_allclose(found.sum(axis=1), 1)
    alone = [probabilities(fitted, odd.take([row]), context) for row in range(len(texts))]
    np.testing.assert_allclose(found, np.concatenate(alone), atol=1e-6)


@each_net
def test_words_behind_the_longest_are_not_read(net, reviews, examples, context):
    short = replace(net, longest=3)
    fitted = short.fit(reviews, None, context)
    texts = ["the food was lovely", "the food was awful", "the food lovely was"]
    inputs = examples({"text": texts}, {"text": "text"}, ["bad", "good", "so"]).inputs
    first, second, third = probabilities(fitted, inputs, context)
    assert (first == second).all()
    assert (first != third).any()


@each_net
def test_a_net_saved_with_another_width_is_refused_by_name(net, reviews, context, tmp_path):
    net.fit(reviews, None, context).save(tmp_path)
    name, other = ("filters", 9) if isinstance(net, TextCnn) else ("hidden", 24)
    with pytest.raises(ArtefactError, match="of another net") as caught:
        replace(net, **{name: other}).load(tmp_path, reviews.task)
    assert "encoder." in caught.value.why
    assert "settings" in caught.value.fix


@pytest.mark.parametrize("net", NETS[1:], ids=lambda net: net.card.name)
def test_a_net_with_another_number_of_layers_is_refused(net, reviews, context, tmp_path):
    net.fit(reviews, None, context).save(tmp_path)
    with pytest.raises(ArtefactError, match="of another net") as caught:
        replace(net, layers=3).load(tmp_path, reviews.task)
    assert "absent in the file" in caught.value.why


@pytest.mark.parametrize("kept", [0, 7, 200, -1])
def test_truncated_weights_are_refused(kept, reviews, context, tmp_path):
    net = NETS[2]
    net.fit(reviews, None, context).save(tmp_path)
    path = tmp_path / "net.safetensors"
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(ArtefactError, match="weights cannot be read"):
        net.load(tmp_path, reviews.task)


def test_a_word_never_seen_is_read_by_its_letters(reviews, examples, context):
    net = replace(NETS[0], epochs=30, augment="")
    fitted = net.fit(reviews, None, context)
    texts = ["lovelyish", "awfully"]
    inputs = examples({"text": texts}, {"text": "text"}, ["good", "bad"], classes=["bad", "good"])
    found = fitted.predict(inputs.inputs, context)
    assert [reviews.task.classes[code] for code in found.codes] == ["good", "bad"]


def test_both_columns_of_a_pair_are_read(pairs, context):
    fitted = NETS[3].fit(pairs, None, context)
    table = pairs.inputs.table
    other = table.set_column(1, "b", table["b"][::-1])
    changed = replace(pairs.inputs, table=other)
    found = probabilities(fitted, pairs.inputs, context)
    assert (found != probabilities(fitted, changed, context)).any()


@pytest.mark.parametrize(
    ("rows", "budget", "epochs", "patience"),
    [
        (100_000, None, 8, 3),
        (320, None, 30, 12),
        (1, None, 300, 113),
        (320, 2, 2, 3),
    ],
)
def test_few_rows_are_passed_over_more_often(rows, budget, epochs, patience):
    recipe = TextCnn(epochs=8, batch_rows=32, least_steps=300, patience=3).recipe(rows, budget)
    assert (recipe.epochs, recipe.patience) == (epochs, patience)


def test_facts_count_weights_and_bytes(reviews, context, tmp_path):
    fitted = NETS[2].fit(reviews, None, context)
    fitted.save(tmp_path)
    facts = fitted.facts()
    n_tokens = len(fitted.reader.vocabulary)
    cells = 2 * 4 * (8 * (16 + 8) + 2 * 8)
    assert (
        facts.parameters
        == facts.trained_parameters
        == (n_tokens + BUCKETS) * 16 + cells + 3 * (16 + 1)
    )
    assert facts.model_bytes == pytest.approx(
        (tmp_path / "net.safetensors").stat().st_size, rel=0.1
    )


@pytest.mark.parametrize("pooling", ["mean", "attention", "last", "max"])
@pytest.mark.parametrize("both", [True, False])
def test_every_pooling_and_direction_can_be_chosen(pooling, both, reviews, context, tmp_path):
    net = replace(NETS[3], pooling=pooling, both=both)
    fitted = net.fit(reviews, None, context)
    fitted.save(tmp_path)
    again = net.load(tmp_path, reviews.task)
    found = probabilities(fitted, reviews.inputs, context)
    assert (found == probabilities(again, reviews.inputs, context)).all()


def test_a_wrong_pooling_is_refused_with_the_nearest_name(reviews, context):
    with pytest.raises(UsageError, match="no pooling 'maxx'"):
        replace(NETS[3], pooling="maxx").fit(reviews, None, context)


def test_a_recurrent_net_can_be_asked_by_many_threads_at_once(reviews, context):
    fitted = NETS[2].fit(reviews, None, context)
    wanted = probabilities(fitted, reviews.inputs, context)
    with ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(probabilities, fitted, reviews.inputs, context) for _ in range(60)]
    for job in jobs:
        np.testing.assert_allclose(job.result(), wanted, atol=1e-6)


def test_listing_and_making_nets_loads_no_torch():
    code = (
        "import sys; from bakeoff.contenders.registry import make_contender\n"
        "for name in ('rnn', 'lstm', 'gru', 'text-cnn', 'transformer'): make_contender(name).card\n"
        "assert 'torch' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
