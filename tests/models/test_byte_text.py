"""Bytes of texts: every text has them, and a drawn text is as long as asked."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bakeoff.core.seeds import generator
from bakeoff.models.byte_text import N_BYTES, byte_sequences, text_bytes, written

ANY_TEXT = st.text(st.characters(), max_size=20)  # half surrogate pairs too


def one_after_the_other(text):
    """Return what draws the bytes of ``text``, then begins again."""
    told = text.encode("utf-8")

    def next_shares(so_far):
        return np.eye(N_BYTES)[told[len(so_far) % len(told)]]

    return next_shares


@given(ANY_TEXT)
def test_bytes_are_those_of_utf_8(text):
    assert text_bytes(text).tobytes().decode("utf-8", "surrogatepass") == text


def test_sequences_keep_their_rows_and_empty_texts_have_none():
    found = byte_sequences(["ab", "", "\u00e9"])
    assert found.symbols.tolist() == [97, 98, 0xC3, 0xA9]
    assert found.rows.tolist() == [0, 0, 2, 2]
    assert found.n_rows == 3
    assert len(byte_sequences([]).symbols) == 0


@pytest.mark.parametrize("characters", [0, 1, 4, 9])
@pytest.mark.parametrize("text", ["ab", "\u00e9\u597d", "\U0001f600x"])
def test_a_drawn_text_has_whole_characters_of_the_number_asked_for(text, characters):
    found = written(one_after_the_other(text), characters, generator(0, "sample"))
    assert found == (text * characters)[:characters]


def test_bytes_that_make_no_character_are_shown_as_one():
    found = written(lambda _: np.eye(N_BYTES)[0xFF], 3, generator(0, "sample"))
    assert found == "\N{REPLACEMENT CHARACTER}" * 3


def test_bytes_are_drawn_by_their_shares():
    shares = np.zeros(N_BYTES)
    shares[ord("a")], shares[ord("b")] = 0.75, 0.25
    found = written(lambda _: shares, 2_000, generator(0, "sample"))
    # 3 standard deviations of 2,000 draws are .03.
    assert found.count("a") / 2_000 == pytest.approx(0.75, abs=0.03)
