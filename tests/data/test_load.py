import pytest

from bakeoff.core.errors import DataError, UsageError
from bakeoff.data.columns import ColumnType
from bakeoff.data.load import load_dataset


def _write(path, text):
    path.write_text(text, encoding="utf-8")
    return path


def test_parts_stand_one_after_the_other_with_their_own_row_numbers(tmp_path):
    main = _write(tmp_path / "train.tsv", "text\tlabel\na b\tx\nbroken\nc d\ty\n")
    test = _write(tmp_path / "test.tsv", "label\ttext\nx\te f\n")
    dataset = load_dataset(main, test=test)
    assert dataset.name == "train"
    assert dataset.part.tolist() == ["main", "main", "test"]
    assert dataset.row.tolist() == [0, 2, 0]
    assert dataset.table["text"].to_pylist() == ["a b", "c d", "e f"]
    assert [(s.part, s.rows_in, s.rows_kept, s.rows_set_aside) for s in dataset.sources] == [
        ("main", 3, 2, 1),
        ("test", 1, 1, 0),
    ]
    assert dataset.set_aside[0].line == 3


def test_parts_with_other_columns_are_refused_by_name(tmp_path):
    main = _write(tmp_path / "train.csv", "text,label\na,x\n")
    test = _write(tmp_path / "test.csv", "text,lable\na,x\n")
    with pytest.raises(DataError, match=r"lacks 'label' and has besides 'lable'"):
        load_dataset(main, test=test)


def test_a_missing_file_shows_the_nearest_names(tmp_path):
    _write(tmp_path / "reviews.csv", "text,label\na,x\n")
    with pytest.raises(UsageError, match=r"did you mean 'reviews\.csv'") as caught:
        load_dataset(tmp_path / "review.csv")
    assert caught.value.exit_code == 2


def test_a_file_that_nothing_reads_is_refused(tmp_path):
    with pytest.raises(UsageError, match=r"no reader for '\.docx'"):
        load_dataset(_write(tmp_path / "rows.docx", "x"))


def test_a_type_for_an_unknown_column_is_refused(tmp_path):
    path = _write(tmp_path / "rows.csv", "text,label\na,x\n")
    with pytest.raises(UsageError, match="did you mean 'text'"):
        load_dataset(path, types={"txt": ColumnType.TEXT})


def test_a_type_that_the_user_gives_wins(tmp_path):
    path = _write(tmp_path / "rows.csv", "code,label\n1,x\n02,y\n")
    assert load_dataset(path).table["code"].to_pylist() == ["1", "02"]
    forced = load_dataset(path, types={"code": ColumnType.NUMBER})
    assert forced.table["code"].to_pylist() == [1.0, 2.0]
    assert forced.column("code").reason == "given by the user"


def test_a_cell_that_does_not_fit_the_type_asked_for_is_named(tmp_path):
    path = _write(tmp_path / "rows.csv", "price,label\n1,x\ncheap,y\n")
    with pytest.raises(DataError, match=r"'cheap'[\s\S]*row 2, column 'price'"):
        load_dataset(path, types={"price": ColumnType.NUMBER})


def test_words_for_missing_stay_words_in_text(tmp_path):
    rows = "".join(f"some words {i},{i * i}\n" for i in range(30))
    path = _write(tmp_path / "rows.csv", "text,n\n" + rows + "NA,NA\nNone,nan\n")
    dataset = load_dataset(path)
    assert dataset.table["text"].to_pylist()[-2:] == ["NA", "None"]
    assert dataset.table["n"].to_pylist()[-2:] == [None, None]


def test_a_limit_draws_the_same_rows_again_and_keeps_their_numbers(tmp_path):
    path = _write(tmp_path / "rows.csv", "text,n\n" + "".join(f"t{i},{i}\n" for i in range(100)))
    first, second = load_dataset(path, limit=10), load_dataset(path, limit=10)
    assert first.fingerprint == second.fingerprint
    assert len(first) == 10
    assert first.row.tolist() == sorted(first.row.tolist())
    assert [f"t{row}" for row in first.row] == first.table["text"].to_pylist()
    assert "limit: 10 of 100 rows drawn" in first.sources[0].notes


def test_a_file_in_which_every_row_is_bad_is_refused(tmp_path):
    path = _write(tmp_path / "rows.csv", "text,label\nonly one field\n")
    with pytest.raises(DataError, match=r"no row of [\s\S]*1 field where the header has 2"):
        load_dataset(path)


def test_a_reader_of_another_package_is_found_by_its_suffix(tmp_path, monkeypatch):
    found = ((".psv", "bakeoff.data.readers.delimited:read"),)
    monkeypatch.setattr("bakeoff.core.registry._added", lambda group, path: found)
    dataset = load_dataset(_write(tmp_path / "rows.psv", "text|label\na|x\nb|y\n"))
    assert dataset.table["label"].to_pylist() == ["x", "y"]


@pytest.mark.data
@pytest.mark.parametrize(
    ("file", "rows"),
    [
        ("banking77/train.tsv.gz", 10_003),
        ("banking77/test.tsv.gz", 3_080),
        ("waimai_10k/all.tsv.gz", 11_987),
        ("stsb/train.tsv.gz", 5_749),
        ("ml_latest_small/ratings.csv.gz", 100_836),
        ("scitldr/dev.jsonl.gz", 619),
    ],
)
def test_real_files_are_read_whole(real_data, file, rows):
    dataset = load_dataset(real_data / file)
    assert len(dataset) == rows
    assert dataset.set_aside == ()
