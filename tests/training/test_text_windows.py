"""Windows of bytes: all of a text is learned from, and every byte is asked exactly once."""

import numpy as np
import pytest

from bakeoff.models.byte_text import text_bytes
from bakeoff.models.nets.language import NOT_ASKED, START
from bakeoff.training.text_windows import TextWindows, stretches

TEXTS = ["ab", "", "c\u00e9", "0123456789" * 3]
STREAM = [symbol for text in TEXTS for symbol in (START, *text_bytes(text).tolist())]


@pytest.mark.parametrize("length", [1, 4, 7, 100])
def test_stretches_put_together_are_the_texts_behind_their_starts(length):
    rows = stretches(TEXTS, length)
    tokens = np.concatenate(
        [rows.rows.batch(np.array([i]))["tokens"][0].numpy() for i in range(len(rows.rows))]
    )
    assert tokens[: len(STREAM)].tolist() == STREAM
    assert (tokens[len(STREAM) :] == START).all()
    assert len(tokens) - len(STREAM) < length


@pytest.mark.parametrize("length", [1, 4, 7, 100])
def test_every_byte_is_learned_once_and_no_start_ever(length):
    rows = stretches(TEXTS, length)
    following = rows.targets.numpy().ravel()
    asked = following[following != NOT_ASKED]
    assert asked.tolist() == [symbol for symbol in STREAM if symbol != START]
    assert rows.targets.dtype.is_floating_point is False


@pytest.mark.parametrize("context", [None, 1, 2, 7, 8, 64])
def test_every_byte_is_asked_once_in_order(context):
    windows = TextWindows.of(TEXTS, context)
    for number, text in enumerate(TEXTS):
        mine = [windows.following[i] for i in np.flatnonzero(windows.text == number)]
        asked = [code for answers in mine for code in answers.tolist() if code != NOT_ASKED]
        assert asked == text_bytes(text).tolist()


@pytest.mark.parametrize("context", [2, 7, 8])
def test_every_byte_but_the_first_is_predicted_from_half_of_what_the_net_sees(context):
    windows = TextWindows.of(TEXTS[3:], context)
    assert max(windows.lengths()) == context
    for tokens, answers in zip(windows.tokens, windows.following, strict=True):
        first = int(np.flatnonzero(answers != NOT_ASKED)[0])
        assert tokens[0] == START or first + 1 >= context / 2


@pytest.mark.parametrize("context", [None, 2, 7, 8])
def test_what_a_byte_is_predicted_from_hangs_on_nothing_later(context):
    """The bytes before each asked one are those of any beginning that holds it."""

    def seen(text):
        windows = TextWindows.of([text], context)
        return [
            tuple(tokens[: place + 1].tolist())
            for tokens, answers in zip(windows.tokens, windows.following, strict=True)
            for place in np.flatnonzero(answers != NOT_ASKED)
        ]

    whole = seen(TEXTS[3])
    for end in range(len(TEXTS[3])):
        assert seen(TEXTS[3][:end]) == whole[:end]


def test_texts_get_the_sums_of_their_windows_and_empty_ones_nothing():
    windows = TextWindows.of(TEXTS, 8)
    found = windows.sums(np.ones(len(windows)))
    assert found.tolist() == [(windows.text == number).sum() for number in range(4)]
    assert found[1] == 0


def test_a_batch_holds_windows_of_one_length():
    windows = TextWindows.of(["abc", "xyz"], None)
    batch = windows.batch(np.array([1, 0]))
    assert batch["tokens"].tolist() == [[START, *b"xy"], [START, *b"ab"]]
    assert batch["following"].tolist() == [[*b"xyz"], [*b"abc"]]
