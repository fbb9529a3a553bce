"""The run folder: names, hashes, and what is swept."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bakeoff.core.errors import ArtefactError, RunFolderError
from bakeoff.core.files import write_atomic
from bakeoff.results.folder import RunFolder, safe_name, write_table
from bakeoff.results.records import Cell, CellRecord, Cost


@pytest.fixture
def folder(tmp_path):
    return RunFolder(tmp_path)


def written(folder, fold):
    """Write a predictions file and return the record that vouches for it."""
    cell = Cell("a", "fold", 0, fold, 7)
    path = folder.cell_file(cell)
    digest = write_table(path, pa.table({"id": [fold]}))
    file = str(path.relative_to(folder.root))
    return CellRecord(cell, "done", "", 1, Cost(), file, digest, "then", "now")


@pytest.mark.parametrize("name", ["ngram-linear", "a.b_c", "x" * 60])
def test_plain_names_stay_as_they_are(name):
    assert safe_name(name) == name


@pytest.mark.parametrize(
    "name", ["", "..", ".hidden", "a/b", "a:b>c", "a b", "模型", "x" * 61, "a\0b", "../../etc"]
)
def test_other_names_stay_inside_the_folder(tmp_path, name):
    safe = safe_name(name)
    assert safe != name
    assert safe.isascii()
    assert (tmp_path / safe).resolve().parent == tmp_path.resolve()
    (tmp_path / f"{safe}.fold-0-0-1234567890.parquet").touch()


@settings(deadline=None)
@given(st.lists(st.text(max_size=80), min_size=2, max_size=2, unique=True))
def test_two_names_never_share_a_file(names):
    assert safe_name(names[0]) != safe_name(names[1])


def test_cells_of_one_contender_have_files_of_their_own(folder):
    cells = [
        Cell("a", s, r, f, k)
        for s in ("fold", "final")
        for r in (0, 1)
        for f in (0, 1)
        for k in (1, 2)
    ]
    assert len({folder.cell_file(cell) for cell in cells}) == len(cells)


def test_a_file_that_does_not_fit_its_hash_is_not_intact(folder):
    record = written(folder, 0)
    assert folder.is_intact(record)
    (folder.root / record.file).write_bytes(b"torn")
    assert not folder.is_intact(record)
    (folder.root / record.file).unlink()
    assert not folder.is_intact(record)
    assert folder.is_intact(replace(record, file="", sha256=""))


def test_only_what_no_record_vouches_for_is_swept(folder):
    kept, stray = written(folder, 0), written(folder, 1)
    (folder.predictions / ".a.parquet.0123.tmp").touch()
    (folder.root / ".report.html.0123.tmp").touch()
    write_atomic(folder.report_file, b"page")
    assert folder.sweep([kept]) == 3
    assert (folder.root / kept.file).exists()
    assert not (folder.root / stray.file).exists()
    assert sorted(path.name for path in folder.root.iterdir()) == ["predictions", "report.html"]


def test_a_folder_without_a_plan_is_no_run(folder):
    with pytest.raises(RunFolderError, match="not a run folder"):
        folder.read_plan()


def test_a_torn_plan_is_an_artefact_error(folder):
    folder.plan_file.write_bytes(b'{"version": 1')
    with pytest.raises(ArtefactError, match="Plan record"):
        folder.read_plan()
