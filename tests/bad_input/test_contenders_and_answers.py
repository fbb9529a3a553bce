"""Contenders that do not exist or cannot compete, and answers that do not fit."""

import json

import pytest

import bakeoff


def plan(path, *options):
    return ("plan", path, "--target", "label", *options)


@pytest.mark.parametrize(
    ("spec", "code", "says"),
    [
        ("ngram-liner", 2, ("unknown contender 'ngram-liner'", "did you mean 'ngram-linear'")),
        ("ngram-linear@D=1", 2, ("'ngram-linear' has no setting 'D'", "'C'")),
        ("ngram-linear@C=x", 2, ("the setting C=x cannot be read", "it must be float")),
        ("majority:x", 2, ("'majority' takes no argument",)),
        ("answers:gptt", 2, ("needs answers in 'gptt', and none are given", "'gpt'?")),
        ("cascade:ngram-linear>answers:gpt", 2, ("needs answers in 'gpt'", "fix: --answers gpt")),
        ("pixels-linear", 1, ("cannot do this task: it needs a column of type image",)),
    ],
)
def test_a_contender_that_cannot_be_is_refused_by_name(refused, reviews, spec, code, says):
    refused(code, plan(reviews, "--contenders", spec), *says)


def test_what_is_excluded_must_be_there(refused, reviews):
    refused(
        2,
        plan(reviews, "--exclude", "bm25"),
        "'bm25' is excluded but would not run",
        "did you mean 'bm25-knn'?",
    )


def test_the_reference_must_compete(refused, reviews):
    refused(
        2,
        plan(reviews, "--reference", "ngram-liner"),
        "the reference 'ngram-liner' does not compete",
        "did you mean 'ngram-linear'?",
    )


def test_answers_that_are_nowhere_show_the_nearest_column(refused, reviews):
    refused(2, plan(reviews, "--answers", "gtp"), "neither a column nor a file", "'gpt'?")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--answers", "gpt", "--answers-price", "cheap"), ("cannot read the price 'cheap'",)),
        (("--answers", "gpt", "--answers-price", "4/0"), ("cannot read the price '4/0'",)),
        (("--answers-price", "4/1000"), ("there are no answers", "fix: name the column")),
        (
            ("--answers", "gpt", "--answers-price", "1/1000", "--answers-price", "2/1000"),
            ("--answers-price is given 2 times for 1 answers", "fix: give it once for all"),
        ),
    ],
)
def test_a_price_must_be_readable_and_of_something(refused, reviews, options, says):
    refused(2, plan(reviews, *options), *says, "where: --answers-price")


@pytest.mark.parametrize(
    ("rows", "header", "says"),
    [
        ([(0, "pos"), (80, "neg")], ("row", "answer"), ("row '80' is outside the data", "0 to 79")),
        ([(0, "pos"), (0, "neg")], ("row", "answer"), ("row 0 is answered twice",)),
        ([(0, "pos")], ("row", "anwser"), ("lacks a column", "'answer'", "fix: ")),
        ([("x", "pos")], ("who", "answer"), ("lacks a column", "add a column 'row'")),
    ],
)
def test_a_file_of_answers_must_name_rows_of_the_data(
    refused, reviews, write, tmp_path, rows, header, says
):
    path = write(tmp_path / "answers.csv", rows, header)
    refused(1, plan(reviews, "--answers", path), *says, "where: ")


def test_partial_answers_are_compared_on_the_answered_rows_and_that_is_said(finished):
    folder, *_ = finished
    plan_record = json.loads((folder / "plan.json").read_text())
    found = {f["code"]: f["values"] for f in plan_record["findings"]}
    assert (found["partial-answers"]["answered"], found["partial-answers"]["rows"]) == (60, 80)
    result = bakeoff.open_result(folder)
    answered = result.analysis.compared_rows
    assert answered < plan_record["splits"]["train_rows"]
    assert {row.score.n for row in result.analysis.rows if row.score} == {answered}


def test_answers_outside_the_labels_are_shown_and_count_as_wrong(finished):
    folder, *_ = finished
    analysis = bakeoff.open_result(folder).analysis
    threat = next(t for t in analysis.threats if t.code == "answers-outside-labels")
    row = next(row for row in analysis.rows if row.name == "answers:gpt")
    assert threat.values["example"] == "Positive!"
    assert threat.values["rows"] == sum(row.missing.values()) > 0
    assert row.score_missing_dropped > row.score.value
