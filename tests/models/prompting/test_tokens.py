"""Tokens, estimated."""

import gzip
import os
from pathlib import Path

import pytest

from bakeoff.models.chat import Message
from bakeoff.models.prompting.tokens import Tokens, estimate_chat, estimate_tokens


@pytest.mark.parametrize("text", ["", "a", "Plain words.", "送货快，好吃", "Привет", "🙂" * 40])
def test_low_expected_and_high_are_in_order_and_grow_with_the_text(text):
    once, twice = estimate_tokens(text), estimate_tokens(text * 10)
    assert once.low <= once.expected <= once.high
    assert twice.low >= once.low
    assert twice.high >= once.high


def test_a_chinese_character_counts_for_more_than_a_latin_letter():
    assert estimate_tokens("好" * 100).expected > 3 * estimate_tokens("a" * 100).expected


def test_a_conversation_costs_its_texts_and_more():
    said = (Message("system", "Choose."), Message("user", "x" * 500))
    texts = estimate_tokens("Choose.") + estimate_tokens("x" * 500)
    assert estimate_chat(said).low > texts.low
    with_picture = estimate_chat((Message("user", "x" * 500, (b"png",)),))
    assert with_picture.expected > estimate_tokens("x" * 500).expected + 100
    assert estimate_chat(()) == Tokens(0, 0, 0)


@pytest.mark.data
@pytest.mark.parametrize(
    ("place", "counted"),
    [("sst2/dev", 19_727), ("banking77/test", 27_648), ("waimai_10k/all", 25_868)],
)
def test_the_count_of_a_real_tokenizer_is_within_a_fifth_of_what_is_expected(place, counted):
    folder = os.environ.get("BAKEOFF_DATA")
    if not folder:
        pytest.skip("BAKEOFF_DATA is not set")
    with gzip.open(Path(folder) / f"{place}.tsv.gz", "rt", encoding="utf-8") as lines:
        text = "\n".join(lines.read().splitlines()[1:1500])
    found = estimate_tokens(text)
    assert found.low < counted < found.high
    assert found.expected == pytest.approx(counted, rel=0.2)
