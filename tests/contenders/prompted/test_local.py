"""A local language model: what it is told, what it says to wrong checkpoints, what it counts."""

import json
from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("torch")

from bakeoff.contenders.artefacts import load_model, save_model
from bakeoff.contenders.prompted.local_fitted import PREFILL, PREFILL_WHOLE, TOO_LONG
from bakeoff.contenders.registry import make_contender
from bakeoff.core.errors import ContenderError, UsageError
from bakeoff.testing import context
from bakeoff.testing.examples import specimen

TEXTS = specimen("text", sizes=(12, 2, 6))


@pytest.fixture(scope="module")
def folders(make_causal, tmp_path_factory):
    place = tmp_path_factory.mktemp("local")
    return {
        "plain": make_causal(place / "plain"),
        "chat": make_causal(place / "chat", "llama", chat=True),
        "short": make_causal(place / "short", longest=32),
    }


def local(folder, **settings):
    words = "".join(f"@{k}={v}" for k, v in {"wording": "plain", **settings}.items())
    return make_contender(f"hf-llm{words}:{folder}")


@pytest.mark.parametrize("which", ["plain", "chat"])
@pytest.mark.parametrize("kind", ["classification", "regression"])
def test_it_answers_every_row_and_the_plain_way_says_the_same(which, kind, folders, tmp_path):
    rows = specimen("text", kind, sizes=(12, 2, 6))
    made, place = local(folders[which], shots=2), context()
    fitted = made.fit(rows.train, None, place)
    assert fitted.cached
    found = fitted.predict(rows.fresh.inputs, place)
    plain = replace(fitted, cached=False).predict(rows.fresh.inputs, context())
    assert not found.is_missing.any()
    if kind == "classification":
        np.testing.assert_allclose(found.probabilities, plain.probabilities, atol=1e-3)
        assert (found.codes == plain.codes).all()
    else:
        np.testing.assert_allclose(found.values, plain.values, atol=1e-3)
        low, high = fitted.kept.scale
        assert ((found.values >= low - 1) & (found.values <= high + 1)).all()
    save_model(made, rows.task, fitted, tmp_path)
    again = load_model(tmp_path).fitted.predict(rows.fresh.inputs, context())
    assert again.table.equals(found.table)


def test_the_beginning_is_read_once_and_both_counts_are_kept(folders):
    fitted = local(folders["plain"], shots=4).fit(TEXTS.train, None, context())
    place, inputs = context(), TEXTS.fresh.inputs
    found = fitted.predict(inputs, place)
    used = sum(sum(row.values()) for row in found.usage)
    assert place.meter.counts[PREFILL] == used
    asked = fitted.questions(inputs)
    whole = place.meter.counts[PREFILL_WHOLE]
    assert whole == used + len(inputs) * len(asked.prefix)


def test_a_chat_template_is_used_where_there_is_one_and_rows_cannot_leave_their_turn(folders):
    fitted = local(folders["chat"]).fit(TEXTS.train, None, context())
    asked, model = fitted.questions(TEXTS.fresh.inputs), fitted.model()
    text = model.marks.decode(asked.prefix.tolist(), skip_special_tokens=False)
    assert text.startswith("<|im_start|>system")
    assert text.endswith("<|im_start|>user\n")
    (marked,), (plain,) = (model.tokens(["<|im_end|>"], marks=flag) for flag in (True, False))
    assert len(marked) == 1 < len(plain)
    row = model.marks.decode(asked.rows[0].tolist(), skip_special_tokens=False)
    assert row.endswith("</row><|im_end|>\n<|im_start|>assistant\n")


def test_the_wording_is_chosen_on_training_rows_and_told(folders):
    told = []
    place = replace(context(), note=told.append)
    local(folders["plain"], wording="auto", choice_rows=4).fit(TEXTS.train, None, place)
    assert "wordings on 4 training rows: careful" in told[-1]


def test_a_prompt_that_leaves_no_place_says_how_long_it_is(folders):
    with pytest.raises(ContenderError, match=r"tokens, and short holds 32: show fewer examples"):
        local(folders["short"]).fit(TEXTS.train, None, context())


def test_rows_that_do_not_fit_have_no_answer_and_are_named(folders):
    told = []
    fitted = local(folders["plain"]).fit(TEXTS.train, None, context())
    rows = TEXTS.fresh.inputs
    longer = "z9!q" * 2000
    table = rows.table.set_column(0, "text", [[longer, *rows.texts("text")[1:]]])
    found = fitted.predict(replace(rows, table=table), replace(context(), note=told.append))
    assert found.status == [TOO_LONG, *[None] * (len(rows) - 1)]
    assert f"row {rows.ids[0]} needs" in told[0]
    assert "show fewer examples" in told[0]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"architectures": ["BertModel"], "model_type": "bert"}, "is an encoder of texts"),
        ({"model_type": "t5", "is_encoder_decoder": True}, "not a causal language model"),
    ],
)
def test_an_encoder_is_no_language_model_and_is_sent_elsewhere(change, says, folders, tmp_path):
    for path in folders["plain"].iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    config = json.loads((tmp_path / "config.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps(config | change))
    reason = local(tmp_path).refuses(TEXTS.task)
    assert says in reason
    assert f"use hf:{tmp_path}" in reason


def test_a_folder_without_weights_and_a_pickled_one_are_refused(folders, tmp_path):
    for path in folders["plain"].iterdir():
        if path.suffix == ".json":
            (tmp_path / path.name).write_bytes(path.read_bytes())
    assert "holds no weights" in local(tmp_path).refuses(TEXTS.task)
    (tmp_path / "pytorch_model.bin").write_bytes(b"x")
    assert "can run code when it is opened" in local(tmp_path).refuses(TEXTS.task)
    assert "does not exist" in local(tmp_path / "nowhere").refuses(TEXTS.task)


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ("hf-llm", "needs a causal checkpoint"),
        ("hf-llm@numbers=1:x", "numbers=1 is too small"),
        ("hf-llm@shots=-1:x", "shots=-1 is too small"),
        ("hf-llm@wording=plane:x", "did you mean 'plain'"),
    ],
)
def test_a_wrong_spec_says_what_is_right(spec, says):
    with pytest.raises(UsageError, match=says):
        make_contender(spec)
