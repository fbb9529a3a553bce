import gzip

import pytest

from bakeoff.core.errors import DataError
from bakeoff.data.readers.delimited import read


def _read(tmp_path, content, name="rows.csv"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read(path, str(path))


def test_quoted_line_breaks_stay_inside_their_field(tmp_path):
    raw = _read(tmp_path, 'text,label\n"one\ntwo",a\n"three\r\nfour",b\n')
    assert raw.table.to_pylist() == [
        {"text": "one\ntwo", "label": "a"},
        {"text": "three\r\nfour", "label": "b"},
    ]


def test_quotes_that_open_no_field_are_letters(tmp_path):
    raw = _read(tmp_path, 'text\tlabel\n"hello\t0\nbye"\t1\n', "rows.tsv")
    assert raw.table["text"].to_pylist() == ['"hello', 'bye"']
    assert any("quotes are read as text" in note for note in raw.notes)


def test_an_unclosed_quote_does_not_swallow_the_file(tmp_path):
    lines = "".join(f"text {i}\t{i % 2}\n" for i in range(50))
    raw = _read(tmp_path, 'text\tlabel\n"unclosed\t0\n' + lines, "rows.tsv")
    assert raw.table.num_rows == raw.rows_in == 51


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(tmp_path, delimiter):
    text = f"text{delimiter}label\nso: it goes{delimiter}a\nwell{delimiter}b\n"
    raw = _read(tmp_path, text)
    assert raw.table.column_names == ["text", "label"]


def test_commas_inside_text_do_not_hide_the_semicolon(tmp_path):
    raw = _read(tmp_path, "text;label\nwell, yes, no;a\nno;b\none, two;a\n")
    assert raw.table["label"].to_pylist() == ["a", "b", "a"]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", "很快 好吃"),
        ("utf-8-sig", "déjà vu"),
        ("utf-16", "很快 好吃"),
        ("utf-16-le", "plain words and déjà vu"),
        ("utf-32", "naïve"),
        ("cp1252", "Le café était très bon, “déjà vu” à l'hôtel"),
        ("cp1252", "Müller ist größer"),
        ("cp932", "この映画はとても面白かったです。また見たい"),
        ("gb18030", "没有送水没有送水没有送水 很快就到了 味道很好"),
        ("cp1251", "Очень хороший фильм, мне понравилось"),
    ],
)
def test_the_encoding_is_found(tmp_path, encoding, text):
    rows = f'text,label\n"{text}",a\n"{text}",b\n'
    raw = _read(tmp_path, rows.encode(encoding))
    assert raw.table["text"].to_pylist() == [text, text]


def test_a_guessed_encoding_is_said_aloud(tmp_path):
    raw = _read(tmp_path, "text,label\ndéjà,a\n".encode("cp1252"))
    assert "encoding cp1252 (guessed)" in raw.notes


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"too,many,fields", "3 fields where the header has 2"),
        (b"too few", "1 field where the header has 2"),
        (b"nul\0byte,a", "a NUL byte"),
        (b"\xff\xfe broken,a", "bytes that are not UTF-8"),
        (b'"closed" too early,a', "text after a closing quote"),
        (b"text,label", "the header line once more"),
    ],
)
def test_a_bad_line_is_set_aside_with_its_number(tmp_path, line, reason):
    good = ["fine,a", '"quoted, fine",b', "füne,a"] * 5
    body = "\n".join(["text,label", *good]).encode() + b"\n" + line + b"\nlast,b\n"
    raw = _read(tmp_path, body)
    assert raw.set_aside == ((17, reason),)
    assert raw.rows_in == 17
    assert raw.row.tolist() == [*range(15), 16]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        (b"text,label\n", "has a header and no rows"),
        (b"text,text\na,b\n", "names a column twice: 'text'"),
        (b"text,la\0bel\na,b\n", "header line cannot be read"),
    ],
)
def test_a_file_without_usable_rows_is_refused(tmp_path, content, what):
    with pytest.raises(DataError, match=what):
        _read(tmp_path, content)


def test_a_column_without_a_name_gets_one(tmp_path):
    raw = _read(tmp_path, ",text\n0,a\n1,b\n")
    assert raw.table.column_names == ["unnamed_1", "text"]
    assert "column 1 has no name: called 'unnamed_1'" in raw.notes


def test_a_field_beyond_the_limit_of_the_csv_module_is_read(tmp_path):
    raw = _read(tmp_path, "text,label\n" + "x" * 300_000 + ",a\nb,b\n")
    assert len(raw.table["text"][0].as_py()) == 300_000


def test_decimal_commas_are_read_in_files_with_semicolons(tmp_path):
    raw = _read(tmp_path, "text;price\na, b;3,14\nc;2\n")
    assert raw.table["price"].to_pylist() == ["3.14", "2"]
    assert raw.table["text"].to_pylist() == ["a, b", "c"]


def test_a_gzip_file_cut_short_is_refused(tmp_path):
    packed = gzip.compress(b"text,label\n" + b"a,b\n" * 1000)
    with pytest.raises(DataError, match="not a whole gzip file"):
        _read(tmp_path, packed[:-20], "rows.csv.gz")


def test_a_field_beyond_our_own_limit_is_set_aside(tmp_path, monkeypatch):
    monkeypatch.setattr("bakeoff.data.readers.dialect.LONGEST_FIELD", 1_000)
    raw = _read(tmp_path, "text,label\n" + "x" * 2_000 + ",a\nb,b\n")
    assert raw.set_aside == ((2, "a field has more than 1,000 characters"),)
    assert raw.table["text"].to_pylist() == ["b"]


@pytest.mark.parametrize("text", ["1.5,x\n2.5,y\n", "likes,x\nlikes,y\n"])
def test_a_header_that_may_be_a_row_is_said(tmp_path, text):
    assert any("taken as the header" in note for note in _read(tmp_path, text).notes)
