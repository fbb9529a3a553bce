"""Running text: nothing is lost between blocks, and what cannot be read is said."""

import gzip

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bakeoff.core.errors import DataError
from bakeoff.data.columns import ColumnType
from bakeoff.data.load import load_dataset
from bakeoff.data.readers.plain_text import BLOCK, read


@pytest.fixture
def blocks(tmp_path):
    """Write bytes (or a text as UTF-8) and return the blocks that are read, and the notes."""

    def of(content, block=BLOCK, name="book.txt"):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        raw = read(path, str(path), block=block)
        return raw.table["text"].to_pylist(), raw.notes

    return of


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text("ab \n\r\u00e9\U0001f600", min_size=1, max_size=200), st.integers(2, 40))
def test_blocks_put_together_are_the_file_and_none_is_too_long(blocks, text, block):
    text = "x" + text  # a file of white space alone is refused
    found, _ = blocks(text, block)
    assert "".join(found) == text
    assert all(0 < len(one) <= block for one in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("aaaaaa\nbb cc", ["aaaaaa\n", "bb cc"]),  # a line end in the second half
        ("aa\nbbbb ccc", ["aa\nbbbb ", "ccc"]),  # one in the first half only: the last space
        ("a bbbbbbbbbb", ["a bbbbbb", "bbbb"]),  # neither: where it is full
        ("aaaa\nb\ncc dd", ["aaaa\nb\n", "cc dd"]),  # the last of two
        ("aaaabbbb", ["aaaabbbb"]),  # full, and nothing is left
    ],
)
def test_a_block_ends_at_a_line_end_else_at_a_space_else_where_it_is_full(blocks, text, expected):
    assert blocks(text, 8)[0] == expected


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_line_ends_stay_as_they_are(blocks, ends):
    text = ends.join(["one", "two", "", "three"]) + ends
    assert "".join(blocks(text, 6)[0]) == text


def test_a_file_is_one_column_of_text_in_order(tmp_path):
    path = tmp_path / "book.md"
    path.write_text("word " * 1_000)
    dataset = load_dataset(path, block=64)
    (column,) = dataset.columns
    assert (column.name, column.type) == ("text", ColumnType.TEXT)
    assert "".join(dataset.table["text"].to_pylist()) == "word " * 1_000
    assert dataset.row.tolist() == list(range(len(dataset.row)))
    assert dataset.sources[0].rows_in == len(dataset.row)


def test_a_packed_file_is_unpacked(blocks, tmp_path):
    assert blocks(gzip.compress(b"one\ntwo\n"), name="book.txt.gz")[0] == ["one\ntwo\n"]
    packed = tmp_path / "book.txt.gz"
    assert load_dataset(packed, block=64).table["text"].to_pylist() == ["one\ntwo\n"]


def test_a_mark_of_byte_order_is_no_text(blocks):
    found, notes = blocks(b"\xef\xbb\xbfone")
    assert found == ["one"]
    assert "encoding: utf-8" in notes


def test_another_encoding_is_told(blocks):
    found, notes = blocks(("d\u00e9j\u00e0 vu, tr\u00e8s bien\n" * 20).encode("cp1252"))
    assert found[0].startswith("d\u00e9j\u00e0 vu")
    assert "encoding: cp1252 (guessed)" in notes


def test_bytes_that_are_no_text_are_shown_as_one_character_and_noted(blocks):
    text = "\u00e9t\u00e9 \u00e0 la mer\n" * 50
    found, notes = blocks(text.encode() + b"bad \xff byte\n")
    assert "".join(found) == text + "bad \N{REPLACEMENT CHARACTER} byte\n"
    assert "bytes that are no text became \N{REPLACEMENT CHARACTER}" in notes


@pytest.mark.parametrize("content", [b"", b" \n\n"])
def test_an_empty_file_is_refused_with_what_where_why_and_fix(blocks, content):
    with pytest.raises(DataError) as caught:
        blocks(content)
    said = str(caught.value)
    assert "book.txt is empty" in said
    assert "nothing but white space" in said
    assert "give a file of running text" in said
    assert str(caught.value.where).endswith("book.txt")


def test_half_a_packed_file_is_refused(blocks):
    with pytest.raises(DataError, match=r"not a whole gzip file[\s\S]*download it again"):
        blocks(gzip.compress(b"one two three" * 50)[:-9], name="book.txt.gz")
