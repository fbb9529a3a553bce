"""Which encoder a contender stands on: names, refusals, and no torch before a fit."""

import os
import subprocess
import sys
from dataclasses import replace

import pytest

from bakeoff.contenders.registry import make_contender
from bakeoff.core.errors import UsageError
from bakeoff.data.columns import Column, ColumnType
from bakeoff.testing import specimen

NAMES = ["encoder-frozen", "encoder-static", "encoder-zeroshot"]


@pytest.mark.parametrize("name", NAMES)
def test_the_argument_is_the_encoder(name):
    made = make_contender(f"{name}:some/encoder")
    assert made.encoder == made.argument() == "some/encoder"
    assert made.name == f"{name}:some/encoder"
    assert made.title() == f"encoder {made.card.title}"
    assert made.card.pretrained


def test_settings_and_encoder_stand_side_by_side():
    made = make_contender("encoder-frozen@C=0.1@pooling=cls:some/encoder")
    assert (made.C, made.pooling) == (0.1, "cls")
    assert make_contender(made.name) == made


def test_the_name_says_which_encoder_the_variable_named(monkeypatch):
    assert make_contender("encoder-frozen").name == "encoder-frozen"
    assert make_contender("encoder-frozen").title() == "MiniLM frozen + linear"
    monkeypatch.setenv("BAKEOFF_ENCODER", "/models/mine")
    assert make_contender("encoder-frozen").name == "encoder-frozen:/models/mine"


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ("encoder-frozen@encoder=x", "encoder-frozen:x"),
        ("encoder-frozen@pooling=max", "auto, mean, cls or last"),
        ("encoder-zeroshot@template=about", "no place"),
    ],
)
def test_wrong_settings_are_refused(spec, says):
    with pytest.raises(UsageError, match=says):
        make_contender(spec)


@pytest.mark.parametrize("name", NAMES)
def test_an_encoder_that_is_not_here_is_refused_with_a_reason(name):
    task = specimen("text", n_classes=5).task
    assert "does not exist" in make_contender(f"{name}:/no/such/folder").refuses(task)


@pytest.mark.parametrize("name", NAMES)
def test_an_encoder_of_pictures_is_refused_for_texts(name, tiny):
    reason = make_contender(f"{name}:{tiny('vit')}").refuses(specimen("text", n_classes=5).task)
    assert "image" in reason


def test_an_encoder_of_texts_is_refused_for_pictures(tiny):
    made = make_contender(f"encoder-frozen:{tiny('bert')}")
    task = replace(specimen("image").task, inputs=(Column("picture", ColumnType.IMAGE),))
    assert made.refuses(task) == "bert reads text, and the inputs are image"


@pytest.mark.parametrize("use", ["frozen", "static", "zeroshot"])
def test_hf_is_a_front(use):
    made = make_contender(f"hf@use={use}@longest=9:a/b" if use == "frozen" else f"hf@use={use}:a/b")
    assert type(made) is type(make_contender(f"encoder-{use}"))
    assert made.encoder == "a/b"
    assert use != "frozen" or made.longest == 9


def test_hf_alone_is_frozen():
    assert make_contender("hf:bert-base-uncased").name == "encoder-frozen:bert-base-uncased"


@pytest.mark.parametrize(
    ("spec", "says"), [("hf@use=forzen:x", "did you mean 'frozen'"), ("hf", "hf:NAME")]
)
def test_hf_says_what_it_needs(spec, says):
    with pytest.raises(UsageError, match=says):
        make_contender(spec)


def test_neither_torch_nor_transformers_is_loaded_for_a_plan(tiny):
    code = (
        "import sys\n"
        "from bakeoff.contenders.registry import make_contender\n"
        "from bakeoff.testing import specimen\n"
        f"for name in {NAMES}:\n"
        f"    made = make_contender(name + ':' + {str(tiny('bert'))!r})\n"
        "    assert made.refuses(specimen('text', n_classes=5).task) is None\n"
        "print([m for m in ('torch', 'transformers', 'tokenizers') if m in sys.modules])"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ
    )
    assert found.stdout.strip() == "[]"
