import csv

import pytest

from bakeoff.data.export import neutral, write_csv


@pytest.mark.parametrize("cell", ["=1+1", "+cmd|' /C calc'!A0", "-1+1", "@SUM(1)", "\tx", "\rx"])
def test_a_formula_is_neutralised(cell):
    assert neutral(cell) == "'" + cell


@pytest.mark.parametrize("cell", [-2.5, 3, None, "-2.5", "+1e-3", "fine", ""])
def test_numbers_and_plain_texts_are_untouched(cell):
    assert neutral(cell) == cell


@pytest.mark.parametrize("raw", [False, True])
def test_a_file_reads_back(tmp_path, raw):
    path = tmp_path / "out.csv"
    write_csv(path, ["text", "=n"], [["=1", -1.5], ['with "quotes"\nand lines', None]], raw=raw)
    with path.open(newline="", encoding="utf-8") as handle:
        rows = list(csv.reader(handle))
    mark = "" if raw else "'"
    assert rows == [["text", f"{mark}=n"], [f"{mark}=1", "-1.5"], ['with "quotes"\nand lines', ""]]
