"""Documents are found in text files, tables and hub sets, and bad sources are told."""

import gzip

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bakeoff.apps.pretrain.texts import documents
from bakeoff.core.errors import DataError, MissingExtraError, UsageError

BLOCKS = "one\ntwo\n\n\nthree\n"


def _read(settings, *sources, **changes):
    return list(documents(settings(sources=tuple(map(str, sources)), **changes)))


@pytest.mark.parametrize(
    ("split", "found"),
    [
        ("auto", ["one\ntwo", "three"]),
        ("blank-lines", ["one\ntwo", "three"]),
        ("lines", ["one", "two", "three"]),
        ("files", [BLOCKS]),
    ],
)
def test_a_text_file_is_divided_as_asked(settings, tmp_path, split, found):
    path = tmp_path / "a.txt"
    path.write_text(BLOCKS)
    assert _read(settings, path, split=split) == found


def test_a_file_without_blank_lines_has_a_document_a_line(settings, tmp_path):
    path = tmp_path / "a.txt.gz"
    path.write_bytes(gzip.compress(b"one\ntwo\n"))
    assert _read(settings, path) == ["one", "two"]


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_column_of_a_table_has_a_document_a_row(settings, tmp_path, suffix):
    path = tmp_path / f"a.{suffix}"
    table = pa.table({"review": ["so good", "so bad"], "label": ["x", "y"]})
    if suffix == "csv":
        path.write_text("review,label\nso good,x\nso bad,y\n")
    else:
        pq.write_table(table, path)
    assert _read(settings, path, column="review") == ["so good", "so bad"]
    with pytest.raises(UsageError, match="one of: review, label"):
        _read(settings, path)
    with pytest.raises(UsageError, match="did you mean 'review'"):
        _read(settings, path, column="reveiw")


def test_no_more_documents_are_read_than_asked_for(settings, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(BLOCKS)
    assert _read(settings, path, path, documents=3) == ["one\ntwo", "three", "one\ntwo"]


@pytest.mark.parametrize(("name", "state"), [("absent.txt", "is not there"), ("", "is a folder")])
def test_a_source_that_is_no_file_is_told(settings, tmp_path, name, state):
    with pytest.raises(UsageError, match=state):
        _read(settings, tmp_path / name)


class Hub:
    """Stands in for the package ``datasets``: a set of three rows, and a broken one."""

    def load_dataset(self, name, config, *, split, streaming):
        if name == "none/here":
            raise OSError("no network")
        assert (name, config, split, streaming) == ("org/set", "en", "train", True)
        return iter([{"id": 1, "text": "one"}, {"id": 2, "text": None}, {"id": 3, "text": "two"}])


def test_a_hub_set_is_streamed(settings, monkeypatch):
    monkeypatch.setattr("bakeoff.apps.pretrain.texts.require", lambda *_, **__: Hub())
    assert _read(settings, "hub:org/set:en") == ["one", "two"]
    with pytest.raises(DataError, match="no network"):
        _read(settings, "hub:none/here")
    with pytest.raises(UsageError, match="names no set"):
        _read(settings, "hub:")


def test_a_hub_set_without_its_package_tells_the_pip_line(settings, monkeypatch):
    monkeypatch.setattr("bakeoff.core.extras.is_installed", lambda _name: False)
    with pytest.raises(MissingExtraError, match=r"bakeoff\[hub\]"):
        _read(settings, "hub:org/set")
