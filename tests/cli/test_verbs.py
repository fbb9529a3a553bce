"""Each verb: JSON on standard output, words on standard error, the exit code."""

import csv
import json
import re

import pytest


def plan(path, *options):
    return ("plan", path, "--target", "label", *options)


def test_a_run_says_its_plan_its_table_and_its_page_on_standard_error(finished):
    folder, _, code, out, err = finished
    assert (code, out) == (0, "")
    first = err.splitlines()[0]
    assert "predict 'label' (2 classes) from 'text'" in first
    assert re.search(r"about \d+ s \(limit 10 min\)$", first)
    assert str(folder / "report.html") in err.replace("\n", "")
    decision = err[err.index("first table") :]
    assert len(decision.splitlines()) <= 40
    assert max(map(len, err.splitlines())) <= 120


def test_the_same_command_goes_on_and_says_what_was_done(finished, call):
    folder, arguments, *_ = finished
    before = (folder / "plan.json").read_bytes()
    code, out, err = call(*arguments, "--json")
    analysis = json.loads(out)
    assert code == 0
    assert f"going on with {folder}" in err
    assert re.search(r"(\d+) of \1 cells were done before", err)
    assert analysis["verdict"]["choice"]
    assert (folder / "plan.json").read_bytes() == before


def test_report_writes_the_page_again_in_either_language(finished, call, tmp_path):
    folder, *_ = finished
    code, out, err = call("report", folder, "--lang", "zh", "-o", tmp_path / "page.html")
    assert (code, out) == (0, "")
    assert (tmp_path / "page.html").read_text(encoding="utf-8").count("zh") > 0
    assert re.search("[\u4e00-\u9fff]", err)
    code, out, err = call("report", folder, "--json", "-o", tmp_path / "other.html")
    assert (code, err) == (0, "")
    assert json.loads(out)["rows"]


def test_predictions_keep_the_rows_and_their_order(finished, call, write, tmp_path):
    folder, *_ = finished
    new = write(tmp_path / "new.csv", [("great a",), ("awful b",), ("great c",)], ("text",))
    code, out, err = call(
        "predict", folder, new, "-o", tmp_path / "out.csv", "--model", "ngram-linear"
    )
    assert (code, out) == (0, "")
    assert "3 rows predicted by ngram-linear" in err
    with (tmp_path / "out.csv").open(newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert [row["text"] for row in rows] == ["great a", "awful b", "great c"]
    assert [row["prediction"] for row in rows] == ["pos", "neg", "pos"]
    assert all(0.5 <= float(row["confidence"]) <= 1 for row in rows)
    code, out, err = call("predict", folder, new, "--model", "ngram-linear", "--json")
    assert (code, err) == (0, "")
    assert [row["prediction"] for row in json.loads(out)["predictions"]] == ["pos", "neg", "pos"]


def test_a_row_that_cannot_be_read_is_an_error_before_anything_is_written(
    finished, refused, tmp_path
):
    (tmp_path / "new.csv").write_text("text\nfine\none,too many\n")
    refused(
        1,
        (
            *("predict", finished[0], tmp_path / "new.csv", "-o", tmp_path / "out.csv"),
            *("--model", "ngram-linear"),
        ),
        "1 row(s) cannot be read",
        "new.csv, line 3",
        "why: 2 fields where the header has 1",
        "fix: mend or remove these rows: every row of the file gets a prediction",
    )
    assert not (tmp_path / "out.csv").exists()


def test_a_cascade_needs_the_column_of_answers(finished, refused, write, tmp_path):
    folder, *_ = finished
    name = "cascade@share=0.1:ngram-linear>answers:gpt"
    new = write(tmp_path / "new.csv", [("great a",), ("awful b",)], ("text",))
    refused(
        2,
        ("predict", folder, new, "-o", tmp_path / "out.csv", "--model", name),
        "no column 'gpt'",
        f"why: '{name}' takes the answers in 'gpt' for the rows it is least sure of",
        "fix: add the column (empty cells are allowed), or name a model that needs none: --model",
    )


def test_a_cascade_sends_on_what_it_is_least_sure_of(finished, call, write, tmp_path):
    folder, *_ = finished
    new = write(tmp_path / "new.csv", [("great a", ""), ("awful b", "neg")], ("text", "gpt"))
    arguments = ("predict", folder, new, "--json", "--model")
    code, out, _ = call(*arguments, "cascade@share=0.4:ngram-linear>answers:gpt")
    assert code == 0
    assert {row["prediction"] for row in json.loads(out)["predictions"]} <= {"pos", "neg"}


def test_predict_needs_a_place_or_json(finished, refused, reviews):
    refused(2, ("predict", finished[0], reviews), "no place for the predictions", "-o out.csv")


def test_an_unknown_model_shows_the_nearest(finished, refused, reviews):
    refused(
        2,
        ("predict", finished[0], reviews, "--json", "--model", "ngram-liner"),
        "no contender 'ngram-liner' in this run",
        "did you mean 'ngram-linear'",
    )


@pytest.mark.parametrize("verb", ["list", "doctor"])
def test_lists_are_words_on_standard_error_or_json(call, verb):
    code, out, err = call(verb)
    assert (code, out) == (0, "")
    assert max(map(len, err.splitlines())) <= 120
    code, out, err = call(verb, "--json")
    assert (code, err) == (0, "")
    assert json.loads(out)


def test_a_plan_trains_nothing_writes_nothing_and_says_everything(
    call, reviews, tmp_path, monkeypatch
):
    monkeypatch.setenv("BAKEOFF_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("a network was used"))
    code, out, err = call(
        *plan(reviews, "--answers", "gpt", "--answers-price", "4/1000"), cwd=tmp_path
    )
    assert (code, out) == (0, "")
    assert list(tmp_path.iterdir()) == []
    for words in (
        "about ",
        "(limit 10 min)",
        "80 in = 80 kept + 0 set aside",
        "out-of-fold predictions decide",
        "the one to beat",
        "rows to tell models apart",
        "GiB in all",
        "answers:gpt: $4 for 1,000",
        "this run pays for nothing",
        "fingerprint",
        "cascade:ngram-linear>answers:gpt",
    ):
        assert words in err
    assert max(len(line) for line in err.splitlines() if "/" not in line) <= 100


def test_a_plan_as_json_is_the_record_that_is_hashed(call, reviews):
    code, out, err = call(*plan(reviews, "--json"))
    record = json.loads(out)
    assert (code, err) == (0, "")
    assert len(record["sha256"]) == len(record["question"]) == 64
    assert record["expected_s"] > 0
    assert record["expected_bytes"] > 0


@pytest.mark.parametrize(
    ("failed", "unfinished", "code"), [((), (), 0), (("a",), (), 3), (("a",), ("b", "c"), 4)]
)
def test_failed_contenders_and_limits_have_their_exit_codes(
    call, finished, reviews, monkeypatch, failed, unfinished, code
):
    from dataclasses import replace

    from bakeoff.plan.result import open_result

    result = replace(open_result(finished[0]), failed=failed, unfinished=unfinished)
    monkeypatch.setattr("bakeoff.plan.compare.compare", lambda *_, **__: result)
    got, _, err = call("run", reviews, "--target", "label")
    assert got == code
    assert ("the time limit was reached before: b, c; run it again to go on" in err) == (code == 4)


def test_an_interrupt_leaves_with_130_and_says_that_nothing_is_lost(call, reviews, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("bakeoff.plan.compare.compare", interrupted)
    code, out, err = call("run", reviews, "--target", "label")
    assert (code, out) == (130, "")
    assert "interrupted; the same command goes on from here" in err


def test_a_fault_of_ours_keeps_its_traceback(call, reviews, monkeypatch):
    def broken(*_, **__):
        raise ZeroDivisionError

    monkeypatch.setattr("bakeoff.plan.compare.compare", broken)
    with pytest.raises(ZeroDivisionError):
        call("run", reviews, "--target", "label")
