import hashlib

import pytest

from bakeoff.core.errors import DataError, UsageError
from bakeoff.data.answers import join_answers
from bakeoff.data.columns import ColumnType
from bakeoff.data.load import load_dataset


@pytest.fixture
def dataset(tmp_path):
    rows = "".join(f"k{i},words number {i},{i % 2},{i % 3}\n" for i in range(10))
    main, test = tmp_path / "train.csv", tmp_path / "test.csv"
    main.write_text("id,text,label,gpt\n" + rows.replace("k", "m").replace("words", "other"))
    test.write_text("id,text,label,gpt\n" + rows)
    return load_dataset(main, test=test)


def _file(tmp_path, text, name="gpt4.tsv"):
    path = tmp_path / name
    path.write_text(text)
    return path


def test_a_column_becomes_answers_as_they_were_written(dataset):
    joined, summary = join_answers(dataset, "gpt")
    assert joined.column("gpt").type is ColumnType.ANSWER
    assert joined.table["gpt"].to_pylist()[:4] == ["0", "1", "2", "0"]
    assert (summary.matched, summary.missing) == (20, 0)


def test_row_counts_in_the_test_part(dataset, tmp_path):
    joined, summary = join_answers(dataset, _file(tmp_path, "row\tanswer\n3\tyes\n0\tno\n"))
    answers = joined.table["gpt4"].to_pylist()
    assert (answers[10], answers[13]) == ("no", "yes")
    assert (summary.part, summary.matched, summary.missing) == ("test", 2, 8)
    assert joined.fingerprint != dataset.fingerprint


def test_row_counts_in_the_main_part_where_there_is_no_test(tmp_path):
    path = _file(tmp_path, "text,label\na b,x\nc d,y\n", "rows.csv")
    joined, summary = join_answers(load_dataset(path), _file(tmp_path, "row\tanswer\n1\tx\n"))
    assert joined.table["gpt4"].to_pylist() == [None, "x"]
    assert summary.part == "main"


def test_an_id_column_names_rows(dataset, tmp_path):
    joined, summary = join_answers(dataset, _file(tmp_path, "id\tanswer\nk7\tyes\nm0\tno\n"))
    assert joined.table["gpt4"].to_pylist()[17] == "yes"
    assert (summary.key, summary.matched, summary.missing) == ("id", 2, 18)


def test_a_hash_names_texts_and_strangers_are_counted(dataset, tmp_path):
    digest = hashlib.sha256(b"words number 4").hexdigest()
    text = f"sha256\tanswer\n{digest}\tyes\n{digest}\tyes\n{'0' * 64}\tno\n"
    joined, summary = join_answers(dataset, _file(tmp_path, text), text_columns=["text"])
    assert joined.table["gpt4"].to_pylist()[14] == "yes"
    assert (summary.matched, summary.unmatched, summary.duplicates) == (1, 1, 1)


def test_a_row_that_was_set_aside_is_counted_and_no_error(tmp_path):
    data = load_dataset(_file(tmp_path, "text,label\na b,x\nbroken\nc d,y\n", "rows.csv"))
    _, summary = join_answers(data, _file(tmp_path, "row\tanswer\n1\tx\n2\ty\n"))
    assert (summary.matched, summary.unmatched) == (1, 1)


def test_an_empty_answer_is_a_missing_one(dataset, tmp_path):
    _, summary = join_answers(dataset, _file(tmp_path, "row\tanswer\n1\t\n2\ty\n"))
    assert (summary.matched, summary.missing) == (1, 9)


def test_a_name_that_is_taken_gets_a_number(dataset, tmp_path):
    joined, _ = join_answers(dataset, _file(tmp_path, "row\tanswer\n1\tx\n", "gpt.tsv"))
    assert joined.columns[-1].name == "gpt_2"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("row\tanswer\n10\tx\n", r"row '10' is outside the data[\s\S]*rows 0 to 9"),
        ("row\tanswer\n-1\tx\n", r"row '-1' is outside the data"),
        ("row\tanswer\none\tx\n", r"row 'one' is outside the data"),
        ("row\tanswer\n1\tx\n1\tx\n", r"row 1 is answered twice"),
        ("id\tanswer\nk1\tx\nk1\tx\n", r"id 'k1' is answered twice"),
        ("id\tanswer\nk99\tx\n", r"outside the data: id 'k99'"),
        ("label\tanswer\n1\tx\n", r"'label' does not name rows"),
        ("row\treply\n1\tx\n", r"lacks a column: it has row, reply"),
        ("line\tanswer\n1\tx\n", r"lacks a column: it has line, answer"),
        ("row\tanswer\n1\tx\ty\n2\tx\n", r"1 lines of gpt4\.tsv cannot be read"),
    ],
)
def test_answers_that_do_not_fit_are_refused(dataset, tmp_path, text, message):
    with pytest.raises(DataError, match=message):
        join_answers(dataset, _file(tmp_path, text))


def test_neither_a_column_nor_a_file_shows_the_nearest_column(dataset):
    with pytest.raises(UsageError, match="did you mean 'gpt'"):
        join_answers(dataset, "gtp")


@pytest.mark.data
@pytest.mark.parametrize(
    ("main", "test", "answers", "matched", "right"),
    [
        ("sst2/train_sentences", "sst2/test", "sst2_test", 600, 0.980),
        ("banking77/train", "banking77/test", "banking77_test", 500, 0.918),
        ("trec6/train", "trec6/test", "trec6_test", 500, 0.976),
        ("waimai_10k/all", None, "waimai_all", 400, 0.915),
    ],
)
def test_real_answers_meet_the_rows_they_were_given_for(
    real_data, main, test, answers, matched, right
):
    official = real_data / f"{test}.tsv.gz" if test else None
    dataset = load_dataset(real_data / f"{main}.tsv.gz", test=official)
    joined, summary = join_answers(dataset, real_data / "llm_answers" / f"{answers}.tsv")
    labels = joined.table["label"].to_pylist()
    pairs = zip(joined.table[answers].to_pylist(), labels, strict=True)
    hits = [str(answer) == str(label).removesuffix(".0") for answer, label in pairs if answer]
    assert summary.matched == matched
    assert sum(hits) / len(hits) == pytest.approx(right, abs=5e-4)
