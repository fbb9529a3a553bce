"""A local model as a language model: every token counts, and what no token says is charged."""

import numpy as np
import pytest

pytest.importorskip("torch")

from tokenizers import Tokenizer, decoders, models, pre_tokenizers

from bakeoff.contenders.artefacts import load_model, save_model
from bakeoff.contenders.prompted.local_texts import unwritten_bytes
from bakeoff.contenders.registry import make_contender
from bakeoff.data.columns import Column, ColumnType
from bakeoff.tasks.spec import TaskSpec
from bakeoff.testing import context
from bakeoff.testing.examples import specimen
from bakeoff.training.causal_scores import token_nats

TASK = TaskSpec(
    kind="language-modelling",
    inputs=(Column("text", ColumnType.TEXT, "test"),),
    target="text",
    metrics=("bits_per_byte",),
)


@pytest.fixture(scope="module")
def folder(make_causal, tmp_path_factory):
    return make_causal(tmp_path_factory.mktemp("causal"))


def test_a_text_costs_the_sum_of_its_tokens_and_a_saved_model_says_the_same(folder, tmp_path):
    rows = specimen("text", "language-modelling", sizes=(12, 2, 6))
    made = make_contender(f"hf-llm:{folder}")
    fitted = made.fit(rows.train, None, context())
    found = fitted.predict(rows.fresh.inputs, context())
    texts = rows.fresh.inputs.texts(fitted.column)
    each = token_nats(fitted.model(), texts, device="cpu", threads=1)
    np.testing.assert_allclose(found.nats, [nats.sum() for nats in each], atol=1e-4)
    assert not found.is_missing.any()
    assert (found.nats[[bool(text) for text in texts]] > 0).all()
    save_model(made, rows.task, fitted, tmp_path)
    again = load_model(tmp_path).fitted.predict(rows.fresh.inputs, context())
    assert again.table.equals(found.table)


@pytest.mark.parametrize("settings", ["@shots=2", "@wording=plain"])
def test_settings_of_prompts_are_refused(settings, folder):
    reason = make_contender(f"hf-llm{settings}:{folder}").refuses(TASK)
    assert "language is modelled without any" in reason
    assert make_contender(f"hf-llm:{folder}").refuses(TASK) is None


@pytest.mark.parametrize(("text", "lost"), [("a b", 0), ("a好b", 3), ("é", 2), ("", 0)])
@pytest.mark.parametrize("unknown", [None, "?"])
def test_bytes_that_no_token_stands_for_are_counted(unknown, text, lost):
    known = {"a": 0, "b": 1, " ": 2, **({} if unknown is None else {unknown: 3})}
    tokenizer = Tokenizer(models.BPE(known, [], unk_token=unknown))
    tokenizer.decoder = decoders.Fuse()
    assert unwritten_bytes(tokenizer, text) == lost


def test_tokens_of_bytes_leave_nothing_out():
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE({each: at for at, each in enumerate(alphabet)}, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    assert unwritten_bytes(tokenizer, "naïve 好 🙂\n") == 0
