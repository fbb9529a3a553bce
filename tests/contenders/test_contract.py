"""The contract is run over every contender of this project; a new one is picked up by its name.

A name whose spec needs an argument has its spec in `WITH_ARGUMENT`; what is combined is checked
with a light part that stands in for the others.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bakeoff.contenders.foreign.sklearn_estimator import SklearnEstimator
from bakeoff.contenders.registry import CONTENDERS
from bakeoff.testing import check_contender, parametrize_checks
from bakeoff.testing.packages import pretend_installed

PAGE = Path(__file__).parents[2] / "docs" / "add-a-contender.md"
LIGHT = (
    re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL).group(1)
    + """
from bakeoff.tuning.space import Reals
HashedRidge.space = lambda self: {"penalty": Reals(0.01, 1)}
count, seen = counts, {}
def counts(inputs):
    # Combinations fit their parts again and again: the same texts are counted once.
    for row, text in enumerate(inputs.texts("text")):
        if text not in seen:
            seen[text] = count(inputs.take([row]))[0]
    return np.array([seen[text] for text in inputs.texts("text")]).reshape(-1, BUCKETS + 1)
"""
)

SMALL_NET = "@epochs=6@least_steps=0@learning_rate=0.03@batch_rows=16"
SMALL_TEXT_NET = "@longest=32@epochs=4@least_steps=0@batch_rows=12@learning_rate="
# In bf16, or after many steps, what two threads add up in another order makes a ReLU or a maximum
# choose otherwise somewhere, and the difference is no longer one of last digits.
SMALL_IMAGE_NET = "@epochs=4@least_steps=0@learning_rate=0.02@batch_rows=16@side=8@precision=fp32"
SMALL_LANGUAGE_NET = "@size=12@epochs=1@least_steps=20@learning_rate=0.02@context=32"
WITH_ARGUMENT: dict[str, list[str]] = {
    "answers": ["answers:llm"],
    "cascade": ["cascade:hashed-ridge>answers:llm"],
    "vote": ["vote:hashed-ridge+majority", "vote@how=median:majority+answers:llm+hashed-ridge"],
    "stack": ["stack:hashed-ridge+answers:llm"],
    "tuned": ["tuned@trials=2:hashed-ridge"],
    "encoder-finetuned": [],  # needs a small encoder: tests/contenders/pretrained/test_tuned.py
    "encoder-lora": [],  # as above
    "feature-net": [],  # needs a file: tests/contenders/pretrained/test_feature_net.py
    "encoder-frozen": [],  # the next three as well: tests/contenders/pretrained
    "encoder-static": [],
    "encoder-zeroshot": [],
    "hf": [],  # needs an encoder: tests/contenders/pretrained
    "distilled": [],  # tests/contenders/combined/test_distilled.py
    "hf-llm": [],  # needs a checkpoint: tests/contenders/prompted/test_local_contract.py
    "llm": [],  # needs an endpoint: tests/contenders/prompted/test_contract.py
    "fused": ["fused@fusion=cross@size=16@epochs=8@learning_rate=0.01"],
    "text-cnn": [f"text-cnn@size=16@filters=8{SMALL_TEXT_NET}0.03"],
    "rnn": [f"rnn@size=16@hidden=16{SMALL_TEXT_NET}0.02"],
    "lstm": [f"lstm@size=16@hidden=8{SMALL_TEXT_NET}0.03"],
    "gru": [f"gru@size=16@hidden=8{SMALL_TEXT_NET}0.03"],
    "transformer": [f"transformer@size=16@hidden=16@heads=2{SMALL_TEXT_NET}0.02"],
    "cnn": [f"cnn@filters=8{SMALL_IMAGE_NET}"],
    "resnet": [f"resnet@filters=8{SMALL_IMAGE_NET}"],
    "vit": [f"vit@size=16@depth=1@heads=2@precision=fp32{SMALL_NET}"],
    # Those that model language: the others of them in tests/contenders/test_language_models.py.
    "rnn-lm": [f"rnn-lm@hidden=12{SMALL_LANGUAGE_NET}"],
    "lstm-lm": [f"lstm-lm@hidden=12{SMALL_LANGUAGE_NET}"],
    "transformer-lm": [f"transformer-lm@layers=1@heads=2{SMALL_LANGUAGE_NET}"],
    **{name: [] for name in ("gru-lm", "gpt", "byte-ngram", "word-ngram")},
    **{name: [] for name in ("byte-frequencies", "zlib-primed")},
    "tabular-mlp": ["tabular-mlp@epochs=8@learning_rate=0.01"],
}
COMBINED = [spec for name in ("cascade", "vote", "stack", "tuned") for spec in WITH_ARGUMENT[name]]
FOREIGN = ("sklearn", "python")
SINGLE = [
    spec
    for name in CONTENDERS.built_in
    if name not in ("cascade", "vote", "stack", "tuned", *FOREIGN)
    for spec in WITH_ARGUMENT.get(name, [name])
]


@parametrize_checks(*SINGLE)
def test_every_contender_keeps_its_promises(check):
    check()


@pytest.fixture(scope="module")
def light_part(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    with pretend_installed(
        folder, {"hashed_ridge": LIGHT}, {"hashed-ridge": "hashed_ridge:HashedRidge"}
    ):
        yield


@pytest.mark.parametrize("spec", COMBINED)
def test_every_combination_keeps_its_promises(light_part, spec):
    results = check_contender(spec)
    # Not to be seen in all: promises about calls, answers, updates and language.
    assert list(results.values()).count("passed") >= len(results) - 8, results


def test_an_estimator_of_scikit_learn_keeps_the_promises_of_a_contender():
    from sklearn.feature_extraction.text import HashingVectorizer
    from sklearn.linear_model import RidgeClassifier
    from sklearn.pipeline import make_pipeline

    pipeline = make_pipeline(HashingVectorizer(n_features=256), RidgeClassifier())
    results = check_contender(
        SklearnEstimator(pipeline, label="my-pipeline"),
        modalities=("text",),
        skip={
            "its_name_makes_it_again": "a label names an object of this program alone",
            "the_seed_does_what_the_card_says": "this estimator has no seed; others have",
        },
    )
    assert "cannot be shipped" in results["a_saved_model_holds_no_pickle"]


def test_a_python_function_keeps_the_promises_of_a_contender(tmp_path):
    # Kinds and classes differ from check to check, so it answers what is true of none or of some.
    rules = "def answer(rows):\n    return ['1' if 'keen' in str(row) else None for row in rows]\n"
    with pretend_installed(tmp_path, {"my_rules": rules}, {}):
        results = check_contender("python:my_rules:answer")
    assert results["predictions_are_well_formed"] == "passed"
