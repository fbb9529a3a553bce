import pytest

from bakeoff.core.errors import DataError
from bakeoff.data.readers.jsonl import read


def _read(tmp_path, text):
    path = tmp_path / "rows.jsonl"
    path.write_text(text, encoding="utf-8")
    return read(path, str(path))


def test_a_key_that_a_line_lacks_is_a_missing_value(tmp_path):
    raw = _read(tmp_path, '{"text": "a", "n": 1}\n{"text": "b"}\n')
    assert raw.table.to_pylist() == [{"text": "a", "n": 1}, {"text": "b", "n": None}]


def test_a_line_separator_inside_a_text_cuts_no_line(tmp_path):
    raw = _read(tmp_path, '{"text": "a\u2028b"}\n')
    assert raw.table["text"].to_pylist() == ["a\u2028b"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"text": "a"', "not JSON"),
        ("[1, 2]", "a JSON list, not an object"),
        ('{"text": "a", "text": "b"}', "a key stands twice"),
        ('{"text": "a\\u0000"}', "a NUL byte"),
    ],
)
def test_a_bad_line_is_set_aside_with_its_number(tmp_path, line, reason):
    raw = _read(tmp_path, f'{{"text": "a"}}\n\n{line}\n{{"text": "c"}}\n')
    assert raw.set_aside[0][0] == 3
    assert reason in raw.set_aside[0][1]
    assert raw.row.tolist() == [0, 2]
    assert raw.rows_in == 3


def test_one_and_one_in_quotes_are_counted_apart(tmp_path):
    raw = _read(tmp_path, '{"label": 1}\n{"label": "1"}\n{"label": 1}\n')
    assert raw.kinds["label"] == {"number": 2, "text": 1}


def test_half_a_surrogate_pair_is_replaced(tmp_path):
    raw = _read(tmp_path, '{"text": "a\\ud83d"}\n')
    assert raw.table["text"].to_pylist() == ["a?"]


def test_a_file_without_any_object_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"no line of rows\.jsonl holds a JSON object"):
        _read(tmp_path, "text,label\n")
