"""Labels and sizes that no comparison can be made of, and those that it can, openly."""

import json

import pytest


def plan(path, *options):
    return ("plan", path, "--target", "label", *options)


def test_one_class_is_refused(refused, write, tmp_path):
    path = write(tmp_path / "one.csv", [(f"word {n}", "x") for n in range(9)], ("text", "label"))
    refused(
        1,
        plan(path),
        "the target 'label' has a single class, 'x', in 9 rows",
        "why: there is nothing to tell apart",
        "fix: name another column: --target",
    )


def test_one_number_is_refused(refused, write, tmp_path):
    rows = [(f"word {n}", 2.5) for n in range(9)]
    path = write(tmp_path / "one.csv", rows, ("text", "label"))
    refused(1, plan(path), "has a single value, 2.5, in 9 rows", "fix: ")


def test_a_target_without_any_value_is_refused(refused, write, tmp_path):
    rows = [(f"word {n}", "") for n in range(9)]
    path = write(tmp_path / "none.csv", rows, ("text", "label"))
    refused(1, plan(path), "the target 'label' has no value in any of 9 rows", "fix: ")


def test_free_text_is_no_target(refused, write, review_rows, tmp_path):
    path = write(tmp_path / "free.csv", review_rows())
    refused(1, ("plan", path, "--target", "text"), "looks like free text: 80 different values")


def test_text_is_no_quantity(refused, reviews):
    refused(
        1,
        plan(reviews, "--kind", "regression"),
        "the target 'label' holds no number in any of 80 rows",
        "why: row 1: 'neg' in 'label' is not a number",
        "fix: leave --kind regression out",
    )


def test_rows_without_a_label_are_set_aside_and_said(call, write, review_rows, tmp_path):
    rows = [*review_rows(), ("no label", "", "pos"), ("not a number", "NaN", "pos")]
    code, _, err = call(*plan(write(tmp_path / "nan.csv", rows)))
    assert code == 0
    assert "82 in = 80 kept + 2 set aside" in err
    assert err.count("no label in 'label'") >= 2
    assert "(2 classes)" in err


def test_a_class_with_one_row_is_kept_and_warned_of(call, write, review_rows, tmp_path):
    path = write(tmp_path / "rare.csv", [*review_rows(), ("a lone one", "rare", "pos")])
    code, out, _ = call(*plan(path, "--json"))
    plan_record = json.loads(out)
    assert code == 0
    assert plan_record["task"]["classes"] == ["neg", "pos", "rare"]
    assert "rare-class" in {found["code"] for found in plan_record["findings"]}


def test_a_label_only_in_the_test_is_named(call, reviews, write, tmp_path):
    test = write(tmp_path / "test.csv", [("odd one", "new", "pos"), ("great", "pos", "pos")])
    code, out, _ = call(*plan(reviews, "--test", test, "--json"))
    record = json.loads(out)
    assert code == 0
    assert "new" in record["task"]["classes"]
    found = next(f for f in record["findings"] if f["code"] == "label-only-in-test")
    assert "new" in json.dumps(found["values"])


def test_labels_of_mixed_types_are_refused_with_both_counts(refused, tmp_path):
    path = tmp_path / "mixed.jsonl"
    cells = ["1", '"1"', "0", '"0"', "1"]
    path.write_text("\n".join(f'{{"t": "word {n}", "label": {c}}}' for n, c in enumerate(cells)))
    refused(
        1,
        plan(path),
        "of mixed types: 3 of kind number and 2 of kind text",
        "mixed.jsonl, column 'label'",
        'why: 1 and "1" would silently become one class, or two',
        "fix: write all labels as text, or all as numbers",
    )


def test_mixed_labels_in_a_frame_are_refused_too(tmp_path, monkeypatch):
    import pandas as pd

    import bakeoff
    from bakeoff.core.errors import DataError

    monkeypatch.chdir(tmp_path)
    frame = pd.DataFrame({"text": [f"word {n}" for n in range(8)], "label": [1, "1"] * 4})
    with pytest.raises(DataError, match="4 of kind number and 4 of kind text"):
        bakeoff.compare(frame, target="label")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("rows", "folds", "said"),
    [(6, 4, "folds: 4 instead of 5, for there are only 4 training rows"), (4, 4, "folds: 4")],
)
def test_tiny_data_get_fewer_folds_openly(call, write, tmp_path, rows, folds, said):
    cells = [(f"word{n} thing", "xy"[n % 2]) for n in range(rows)]
    path = write(tmp_path / "tiny.csv", cells, ("text", "label"))
    code, _, err = call(*plan(path))
    assert code == 0
    assert f"in {folds} folds" in err
    assert said in err


def test_one_row_is_too_few(refused, write, tmp_path):
    path = write(tmp_path / "two.csv", [("a b", 1.5)], ("text", "label"))
    refused(1, plan(path, "--text", "text"), "has a single value, 1.5, in 1 rows", "fix: ")


def test_more_folds_than_rows_are_refused(refused, write, tmp_path):
    cells = [(f"word{n} thing", "xy"[n % 2]) for n in range(20)]
    path = write(tmp_path / "few.csv", cells, ("text", "label"))
    refused(
        1,
        plan(path, "--folds", "30"),
        "16 training rows are too few for 30 folds",
        "where: ",
        "fix: give more rows, or fewer folds (--folds 2)",
    )


def test_one_group_cannot_be_divided(refused, write, review_rows, tmp_path):
    path = write(tmp_path / "group.csv", [(t, y, "one") for t, y, _ in review_rows()])
    refused(
        1,
        plan(path, "--group", "gpt"),
        "80 training rows in 1 group(s) of 'gpt' are too few for 2 folds",
        "fix: give more rows, or group by another column",
    )


def test_duplicates_only_are_too_few(refused, write, tmp_path):
    rows = [("a good thing", "pos")] * 20 + [("a good thing!", "neg")] * 20
    path = write(tmp_path / "twins.csv", rows, ("text", "label"))
    refused(
        1,
        plan(path, "--text", "text"),
        "40 training rows, of which 2 differ from one another, are too few for 2 folds",
    )


def test_a_test_file_equal_to_the_training_file_leaves_nothing_to_learn(refused, reviews):
    refused(
        1,
        plan(reviews, "--test", reviews),
        "every one of the 80 training rows stands in the test file too",
        "where: ",
        "why: a training row that equals a test row is dropped",
        "fix: give a test file with other rows, or leave --test out",
    )


def test_training_rows_that_stand_in_the_test_are_counted_and_dropped(
    call, reviews, write, review_rows, tmp_path
):
    fresh = [(f"{text} again", label, answer) for text, label, answer in review_rows(20, seed=9)]
    test = write(tmp_path / "test.csv", [*review_rows()[:7], *fresh])
    code, out, _ = call(*plan(reviews, "--test", test, "--ignore", "gpt", "--json"))
    splits = json.loads(out)["splits"]
    assert code == 0
    assert (splits["dropped_twins"], splits["train_rows"], splits["lockbox_rows"]) == (7, 73, 27)
    _, _, err = call(*plan(reviews, "--test", test, "--ignore", "gpt"))
    assert "7 training rows stand in the test file too: they are dropped from training" in err
