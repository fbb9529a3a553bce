"""Tokenisers learn the same pieces each time, and give a text back."""

import pytest

from bakeoff.models.environment import one_thread
from bakeoff.models.pretraining.tokenisers import train_tokeniser

TEXTS = [f"The {a} sat on the {b}." for a in ("cat", "hat", "Bär") for b in ("mat", "rug", "sofa")]


def _trained(causal):
    with one_thread():
        return train_tokeniser(iter(TEXTS), causal=causal, vocabulary=300, longest=16)


def test_byte_pairs_give_every_text_back():
    tokenizer = _trained(causal=True)
    for text in ("The cat.", "日本 \n\t ok", "ñandú"):
        assert tokenizer.decode(tokenizer(text)["input_ids"]) == text


def test_pieces_are_of_lower_case_between_begin_and_separator():
    tokenizer = _trained(causal=False)
    ids = tokenizer("The CAT")["input_ids"]
    assert tokenizer.decode(ids) == "[CLS] the cat [SEP]"
    assert tokenizer.convert_ids_to_tokens(range(5)) == [
        "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]",
    ]  # fmt: skip


def test_pieces_of_words_are_no_special_tokens():
    tokenizer = _trained(causal=False)
    ids = tokenizer("taht", add_special_tokens=False)["input_ids"]
    assert len(ids) > 1
    assert tokenizer.decode(ids, skip_special_tokens=True) == "taht"


@pytest.mark.parametrize("causal", [True, False])
def test_the_same_text_gives_the_same_tokeniser(causal):
    first, second = (_trained(causal).backend_tokenizer.to_str() for _ in range(2))
    assert first == second
