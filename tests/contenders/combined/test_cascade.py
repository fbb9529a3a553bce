from __future__ import annotations

import math

import numpy as np
import pytest

from bakeoff.contenders.artefacts import load_model, save_model
from bakeoff.contenders.combined.cascade import SENT, SHARES, cascade_variants
from bakeoff.contenders.registry import make_contender
from bakeoff.core.errors import ContenderError, UsageError
from bakeoff.data.columns import ColumnType

N = 100


@pytest.fixture
def reviews(rows):
    """Return rows whose first part is right where it is sure, and gpt everywhere it answers."""
    rng = np.random.default_rng(0)
    truth = np.arange(N) % 2
    sure = np.arange(N) >= 40
    right = np.where(truth == 1, 0.9, 0.1) + rng.uniform(-0.05, 0.05, N)
    wrong = np.where(truth == 1, 0.45, 0.55) + rng.uniform(-0.04, 0.04, N)
    gpt = [["no", "yes"][t] for t in truth]
    gpt[0] = None
    return rows(truth, x=np.where(sure, right, wrong).tolist(), gpt=gpt)


def fitted(spec, train, context):
    return make_contender(spec).fit(train, None, context)


def test_the_learned_threshold_sends_on_what_the_first_part_gets_wrong(reviews, context):
    model = fitted("cascade:script>answers:gpt", reviews, context)
    predictions = model.predict(reviews.inputs, context)
    sent = [SENT in used for used in predictions.usage]
    assert 36 <= sum(sent[:40]) <= 40
    assert sum(sent[40:]) <= 1  # cuts are tried in steps of 2.5 %
    assert (predictions.codes == reviews.targets).mean() >= 0.95


def test_a_row_sent_on_without_an_answer_keeps_the_first_prediction(reviews, context):
    model = fitted("cascade@share=1.0:script>answers:gpt", reviews, context)
    predictions = model.predict(reviews.inputs, context)
    assert (predictions.codes == reviews.targets).tolist() == [False] + [True] * (N - 1)
    assert predictions.status[0] is None
    assert predictions.usage[0] == {SENT: 1.0}
    assert predictions.usage[1] == {"answers:gpt/row": 1.0, SENT: 1.0}


def test_the_share_is_that_of_the_training_rows(reviews, context):
    model = fitted("cascade@share=0.2:script>answers:gpt", reviews, context)
    predictions = model.predict(reviews.inputs, context)
    assert sum(SENT in used for used in predictions.usage) == 20


def test_confidence_is_that_of_the_first_part_for_every_row(reviews, context):
    first = fitted("script", reviews.take(range(5)), context)
    model = fitted("cascade@share=0.5:script>answers:gpt", reviews, context)
    visible = reviews.inputs.select(["x"])
    np.testing.assert_array_equal(
        model.predict(reviews.inputs, context).confidence,
        first.predict(visible, context).confidence,
    )


def test_probabilities_are_given_only_if_both_parts_give_them(reviews, context):
    for spec, given in [("script@flip=True", True), ("answers:gpt", False)]:
        name = f"cascade@share=0.3:script>{spec}"
        predictions = fitted(name, reviews, context).predict(reviews.inputs, context)
        assert (predictions.probabilities is not None) == given
        assert ("probabilities" in make_contender(name).card.abilities) == given


def test_rows_that_are_not_sent_are_not_asked(reviews, context):
    asked = []

    class Listening:
        def predict(self, inputs, context):
            asked.append(len(inputs))
            return second.predict(inputs, context)

    model = fitted("cascade@share=0.2:script>answers:gpt", reviews, context)
    first, second = model.parts
    type(model)((first, Listening()), model.threshold).predict(reviews.inputs, context)
    assert asked == [20]


@pytest.mark.parametrize("n_answered", [0, 29])
def test_too_few_answers_to_learn_from_ask_for_a_share(rows, context, n_answered):
    answers = ["yes"] * n_answered + [None] * (N - n_answered) + ["yes"]
    train = rows(np.arange(N + 1) % 2, x=np.linspace(0, 1, N + 1).tolist(), gpt=answers)
    train = train.take(range(N))
    with pytest.raises(ContenderError, match=r"cascade@share=0.1:script>answers:gpt"):
        fitted("cascade:script>answers:gpt", train, context)


def test_variants_have_every_share_and_keep_the_parts():
    variants = cascade_variants("cascade:script@flip=True>(vote:answers:a+memory)")
    assert variants == tuple(
        f"cascade@share={share}:script@flip=True>(vote:answers:a+memory)" for share in SHARES
    )
    with pytest.raises(UsageError, match="is not a cascade"):
        cascade_variants("script")


def test_numbers_are_sent_on_by_the_error_that_is_expected(rows, context):
    rng = np.random.default_rng(1)
    x = rng.uniform(0, 1, N)
    # The larger the number, the larger the error.
    truth = x + rng.normal(0, 1, N) * np.where(x > 0.7, 1.0, 0.01)
    train = rows(truth, kind="regression", x=x.tolist(), gpt=[str(t) for t in truth])
    model = fitted("cascade@share=0.2:script>answers:gpt", train, context)
    predictions = model.predict(train.inputs, context)
    sent = np.array([SENT in used for used in predictions.usage])
    assert x[sent].mean() > x[~sent].mean() + 0.3
    assert np.isfinite(predictions.confidence).all()


def test_a_saved_cascade_sends_the_same_rows(reviews, context, tmp_path):
    for spec in ("cascade:script>answers:gpt", "cascade@share=1.0:script>answers:gpt"):
        contender = make_contender(spec)
        model = contender.fit(reviews, None, context)
        folder = tmp_path / f"share-{contender.share}"
        save_model(contender, reviews.task, model, folder)
        again = load_model(folder)
        assert again.fitted.threshold == model.threshold
        assert again.fitted.predict(reviews.inputs, context).table.equals(
            model.predict(reviews.inputs, context).table
        )
    assert model.threshold == math.inf


@pytest.mark.parametrize(
    "spec", ["cascade:script", "cascade:a>b>c", "cascade:>script", "cascade@share=0:script>script"]
)
def test_a_spec_that_is_no_cascade_is_refused(spec):
    with pytest.raises(UsageError):
        make_contender(spec)


def test_a_first_part_that_cannot_tell_how_sure_it_is_is_refused(rows):
    task = rows([0, 1], x=[0, 1]).task
    assert "answers:a" in make_contender("cascade:answers:a>script").refuses(task)
    assert make_contender("cascade:script>answers:a").refuses(task) is None


def test_the_card_follows_the_parts():
    card = make_contender("cascade:script>answers:a").card
    assert card.reads == {ColumnType.NUMBER, ColumnType.ANSWER}
    assert card.deterministic
    assert not make_contender("cascade:memory>answers:a").card.deterministic
    assert make_contender("cascade:memory>answers:a").columns() == ("a",)
