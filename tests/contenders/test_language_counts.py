"""Language models that count: exact shares, finite nats for the unknown, and what each refuses."""

from __future__ import annotations

import math
import zlib

import numpy as np
import pyarrow as pa
import pytest

from bakeoff.contenders.registry import make_contender
from bakeoff.core.errors import ContenderError, UsageError
from bakeoff.data.columns import Column, ColumnType
from bakeoff.data.inputs import Inputs
from bakeoff.tasks.examples import Examples
from bakeoff.tasks.kind import load_kind
from bakeoff.tasks.language import LANGUAGE_MODELLING
from bakeoff.tasks.spec import TaskSpec

TEXTS = ["the cat sat on the mat.\n", "the dog sat on the cat.\n"] * 4
COUNTING = ("uniform-bytes", "byte-frequencies", "zlib-primed", "byte-ngram", "word-ngram")
COLUMN = Column("text", ColumnType.TEXT)
KIND = load_kind(LANGUAGE_MODELLING)
TASK = TaskSpec(LANGUAGE_MODELLING, (COLUMN,), "text", KIND.metrics)


def inputs_of(texts):
    table = pa.table({"text": pa.array(texts, pa.large_string())})
    return Inputs(np.arange(len(texts), dtype=np.int64), table, (COLUMN,))


def rows_of(texts):
    inputs = inputs_of(texts)
    return Examples(TASK, inputs, KIND.targets(inputs.table["text"], ()))


@pytest.fixture
def nats(context):
    """Return the nats of texts under a contender that learned from `TEXTS`."""

    def of(spec, texts, learned=TEXTS):
        fitted = make_contender(spec).fit(rows_of(learned), None, context)
        return fitted.predict(inputs_of(texts), context).nats

    return of


def test_all_bytes_alike_need_eight_bits_each(nats):
    np.testing.assert_allclose(nats("uniform-bytes", ["", "a", "\u597d"]) / math.log(2), [0, 8, 24])


def test_bytes_by_frequency_count_each_byte_once_more(nats):
    # "aab": a is counted 2 + 1 times, b 1 + 1, every other byte once, of 3 + 256.
    found = nats("byte-frequencies", ["a", "b", "ab", "z"], ["aab"])
    shares = np.array([3, 2, 6 / 259, 1]) / 259
    np.testing.assert_allclose(np.exp(-found), shares)


def test_zlib_pays_eight_bits_for_each_byte_of_what_it_packs(nats):
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS, zdict="".join(TEXTS).encode())
    text = "the cat sat on the dog"
    size = len(packer.compress(text.encode()) + packer.flush())
    np.testing.assert_allclose(nats("zlib-primed", [text]) / math.log(2), [8 * size])


def test_zlib_remembers_the_end_of_a_long_text(context):
    noise = "".join(np.random.default_rng(0).choice(list("abcdefgh"), 40_000))
    fitted = make_contender("zlib-primed").fit(
        rows_of([noise[:20_000], noise[20_000:]]), None, context
    )
    assert fitted.primer == noise[-32_768:].encode()


@pytest.mark.parametrize("spec", COUNTING)
@pytest.mark.parametrize("text", ["\x00\x01", "\u597d\U0001f600", "zebra " * 100])
def test_bytes_and_words_that_were_never_seen_are_possible(nats, spec, text):
    found = nats(spec, [text])
    assert np.isfinite(found).all()
    assert (found > 0).all()


@pytest.mark.parametrize("spec", ["byte-ngram", "word-ngram", "zlib-primed"])
def test_what_was_learned_is_likelier_than_the_same_letters_in_disorder(nats, spec):
    known, mixed = nats(spec, ["the cat sat on the mat.\n", ".tam\neht no tas tac eht "])
    assert known < mixed / 2


def test_one_discount_or_three_make_different_models(nats):
    texts = ["the dog ran"]
    assert nats("byte-ngram@smoothing=interpolated", texts) != nats("byte-ngram", texts)


@pytest.mark.parametrize("spec", ["byte-ngram", "word-ngram"])
def test_a_longer_memory_is_used(nats, spec):
    short, long = (nats(f"{spec}@order={order}", TEXTS[:1])[0] for order in (1, 3))
    assert long < short


@pytest.mark.parametrize("spec", ["byte-ngram", "word-ngram"])
def test_rows_for_early_stopping_are_counted_too(spec, context):
    contender = make_contender(spec)
    apart = contender.fit(rows_of(TEXTS[:4]), rows_of(TEXTS[4:]), context)
    whole = contender.fit(rows_of(TEXTS), None, context)
    asked = inputs_of(["the cat ran"])
    np.testing.assert_allclose(
        apart.predict(asked, context).nats, whole.predict(asked, context).nats
    )


@pytest.mark.parametrize("spec", ["byte-ngram", "word-ngram"])
def test_where_there_is_no_text_nothing_is_learned(spec, context):
    with pytest.raises(ContenderError, match="no text to learn from in 'text'"):
        make_contender(spec).fit(rows_of(["", ""]), None, context)


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("byte-ngram@order=0", "an order of 0"),
        ("byte-ngram@smoothing=modifed", "did you mean 'modified'"),
        ("word-ngram@order=0", "an order below 1"),
        ("word-ngram@spelling_order=0", "an order below 1"),
    ],
)
def test_a_setting_out_of_range_is_refused(spec, said):
    with pytest.raises(UsageError) as caught:
        make_contender(spec)
    assert said in str(caught.value)
