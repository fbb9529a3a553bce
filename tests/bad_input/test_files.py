"""Files that cannot be read, or only in part: what the user reads, and the exit code."""

import gzip

import pytest


def plan(*arguments):
    return ("plan", *arguments, "--target", "label")


def test_a_missing_file_names_the_nearest_one(refused, reviews):
    refused(
        2,
        plan(reviews.with_name("revews.csv")),
        "error: no file ",
        "revews.csv",
        "where: ",
        "fix: did you mean 'reviews.csv'?",
    )


def test_a_missing_test_file_is_named_too(refused, reviews):
    refused(2, plan(reviews, "--test", "nowhere/test.csv"), "no file nowhere/test.csv", "folder")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (
            b"",
            (
                "is empty",
                "why: nothing but white space stands in it",
                "fix: give a file with a header",
            ),
        ),
        (b"\n\n  \n", ("is empty", "fix: ")),
        (b"text,label\n", ("has a header and no rows", "columns: text, label", "fix: ")),
        (bytes(range(256)) * 40, ("the encoding of the file cannot be told", "fix: save it as")),
    ],
    ids=["empty", "blank", "header-only", "binary"],
)
def test_a_file_without_rows_is_refused(refused, tmp_path, content, says):
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    refused(1, plan(path), *says, "where: ", "bad.csv")


def test_half_a_gzip_file_is_refused(refused, reviews, tmp_path):
    path = tmp_path / "half.csv.gz"
    path.write_bytes(gzip.compress(reviews.read_bytes())[:-40])
    refused(1, plan(path), "is not a whole gzip file", "fix: copy or download it again")


def test_a_kind_of_file_that_nothing_reads_is_refused(refused, tmp_path):
    path = tmp_path / "table.xlsx"
    path.write_bytes(b"PK")
    refused(2, plan(path), "nothing reads", "no reader for '.xlsx'", "known: .csv, .tsv")


def test_ragged_rows_are_set_aside_with_their_lines_and_all_rows_are_accounted_for(
    call, write, review_rows, tmp_path
):
    path = write(tmp_path / "ragged.csv", [*review_rows(), ("a", "b", "c", "d"), ("alone",)])
    code, _, err = call(*plan(path))
    assert code == 0
    assert "82 in = 80 kept + 2 set aside" in err
    assert "line 82: 4 fields where the header has 3" in err
    assert "line 83: 1 field where the header has 3" in err


def test_rows_with_nul_bytes_are_set_aside(call, write, review_rows, tmp_path):
    path = write(tmp_path / "nul.csv", review_rows())
    path.write_bytes(path.read_bytes().replace(b"1)</script>", b"\0)</script>", 2))
    code, _, err = call(*plan(path))
    assert code == 0
    assert "80 in = 78 kept + 2 set aside" in err
    assert "NUL" in err


@pytest.mark.parametrize(
    ("encoding", "said"), [("latin-1", "latin"), ("utf-16", "utf-16"), ("gb18030", "gb")]
)
def test_another_encoding_is_detected_and_said(call, write, review_rows, tmp_path, encoding, said):
    word = "服务很好，房间干净" if encoding == "gb18030" else "très élégant café"
    rows = [(f"{text} {word}", label, answer) for text, label, answer in review_rows()]
    path = write(tmp_path / "other.csv", rows)
    path.write_bytes(path.read_text(encoding="utf-8").encode(encoding))
    code, out, err = call(*plan(path), "--json")
    assert (code, err) == (0, "")
    assert said in out.lower() or "cp125" in out.lower()


def test_a_wrong_column_name_shows_the_nearest(refused, reviews):
    refused(2, ("plan", reviews, "--target", "lable"), "no column 'lable'", "'label'?")
    for option in ("--text", "--category", "--number", "--ignore", "--group", "--id"):
        refused(2, plan(reviews, option, "txt"), "no column 'txt'", "did you mean 'text'?")


def test_a_column_given_two_roles_is_refused(refused, reviews):
    refused(
        2,
        plan(reviews, "--text", "text", "--ignore", "text"),
        "'text' is given twice: as --text and as --ignore",
    )


def test_where_no_column_is_left_to_learn_from_each_is_named_with_its_reason(
    refused, write, tmp_path
):
    path = write(tmp_path / "same.csv", [("same", "x"), ("same", "y")] * 20, ("text", "label"))
    refused(
        1,
        plan(path),
        "there is no input column",
        "'text': unused, the same in every row",
        "fix: name one: --text, --category, --number or --image",
    )


def test_an_all_missing_column_is_no_input(call, write, review_rows, tmp_path):
    rows = [(text, label, "") for text, label, _ in review_rows()]
    code, _, err = call(*plan(write(tmp_path / "hole.csv", rows)))
    assert code == 0
    line = next(line for line in err.splitlines() if line.strip().startswith("gpt "))
    assert "unused" in line
    assert "input" not in line


def test_a_test_file_with_other_columns_says_which(refused, reviews, write, tmp_path):
    path = write(tmp_path / "test.csv", [("a b", "pos")], ("texte", "label"))
    refused(
        1,
        plan(reviews, "--test", path),
        "the test part has other columns",
        "lacks 'text'",
        "has besides 'texte'",
        "fix: ",
    )
