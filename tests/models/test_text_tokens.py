from __future__ import annotations

import numpy as np
import pytest

from bakeoff.models.text_tokens import (
    UNSPACED,
    WORD,
    kind_of,
    kinds,
    normalise,
    terms,
    tokens,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The cat's 2 hats", ["the", "cat", "s", "2", "hats"]),
        ("外卖很好吃", list("外卖很好吃")),
        ("カメラ、good", ["カ", "メ", "ラ", "good"]),
        ("ไทย", list("ไทย")),
        ("हिन्दी भाषा", ["हिन्दी", "भाषा"]),
        ("한국어 좋다", ["한국어", "좋다"]),
        ("iPhone手机", ["iphone", "手", "机"]),
        ("?!", []),
    ],
)
def test_words_of_any_script(text, expected):
    assert tokens(text) == expected


def test_terms_of_unspaced_runs_stop_at_punctuation():
    assert terms("好吃,不") == ["好", "吃", "好吃", "不"]


def test_the_pattern_and_the_table_agree_on_every_character():
    codes = [c for c in [*range(0x3500), *range(0xF800, 0x20200)] if c % 3 or c < 0x3500]
    kinds_found = kinds(np.asarray(codes, dtype=np.uint32))
    for code, kind in zip(codes, kinds_found, strict=True):
        letter = chr(code)
        if normalise(letter) != letter:
            continue
        assert bool(tokens(letter)) == (kind in (WORD, UNSPACED)), hex(code)
        assert kind == kind_of(letter)
