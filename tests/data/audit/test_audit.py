import numpy as np
import pandas as pd
import pytest

from bakeoff.data.audit import audit
from bakeoff.data.load import load_dataset
from bakeoff.data.target import read_target

N = 240


def _frame(n=N, seed=0, **columns):
    rng = np.random.default_rng(seed)
    words = rng.choice(list("abcdefghijklmnopqrstuvwxyz"), (n, 40))
    text = ["".join(row) for row in words]
    return pd.DataFrame({"text": text, "label": rng.choice(["no", "yes"], n), **columns})


def _audit(frame, inputs=("text",), *, test=None, group=None, kind=None):
    dataset, target = read_target(load_dataset(frame, test=test), "label", kind)
    return audit(dataset, target, inputs, group=group)


def _findings(report, code):
    return [finding for finding in report.findings if finding.code == code]


def test_clean_data_has_class_counts_alone():
    report = _audit(_frame())
    assert [finding.code for finding in report.findings] == ["class-counts"]
    assert len(np.unique(report.duplicate_groups)) == N
    assert len(report.twins_of_test) == 0


def test_rows_of_the_test_that_stand_in_train_are_counted_and_named():
    main, test = _frame(), _frame(30, seed=1)
    test.loc[3, "text"] = main.loc[7, "text"]
    test.loc[4, "text"] = main.loc[9, "text"].upper() + "  !"
    report = _audit(main, test=test)
    (finding,) = _findings(report, "duplicates-across")
    assert finding.values == {
        "first": "main",
        "second": "test",
        "rows": 2,
        "of": 30,
        "exact": 1,
        "near": 1,
        "rows_in_first": 2,
        "by_nature": False,
    }
    assert finding.rows == (N + 3, N + 4)
    assert report.twins_of_test.tolist() == [7, 9]


def test_equal_inputs_with_different_labels_are_named():
    frame = _frame()
    frame.loc[1, "text"] = frame.loc[0, "text"]
    frame.loc[0, "label"], frame.loc[1, "label"] = "no", "yes"
    report = _audit(frame)
    (finding,) = _findings(report, "conflicting-labels")
    assert (finding.values["rows"], finding.values["inputs"], finding.rows) == (2, 1, (0, 1))
    assert report.duplicate_groups[0] == report.duplicate_groups[1]


def test_a_pair_is_a_duplicate_only_if_both_texts_are():
    frame = _frame()
    frame["second"] = _frame(seed=5)["text"]
    frame.loc[1, "text"] = frame.loc[0, "text"]
    report = _audit(frame, ("text", "second"))
    assert report.duplicate_groups[0] != report.duplicate_groups[1]


def test_rows_of_a_small_table_repeat_by_nature():
    rng = np.random.default_rng(0)
    frame = _frame(sex=rng.choice(["f", "m"], N), ward=rng.choice(list("abcd"), N))
    report = _audit(frame, ("sex", "ward"))
    assert _findings(report, "duplicates-within")[0].values["by_nature"] is True
    assert len(np.unique(report.duplicate_groups)) == N


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize(
    ("copy", "how"),
    [
        (lambda label, rng: label, "copy"),
        (lambda label, rng: label.str.upper(), "copy"),
        (lambda label, rng: label.map({"no": "n", "yes": "y"}), "mapping"),
        (lambda label, rng: label.map({"no": 3, "yes": 7}), "mapping"),
        (lambda label, rng: (label == "yes") * 3.0 + rng.normal(0, 0.2, len(label)), "auc"),
    ],
)
def test_a_copied_target_is_flagged_every_time(seed, copy, how):
    frame = _frame(seed=seed)
    frame["leak"] = copy(frame["label"], np.random.default_rng(seed))
    (finding,) = _findings(_audit(frame, ("text", "leak")), "target-leak")
    assert (finding.values["column"], finding.values["how"]) == ("leak", how)


@pytest.mark.parametrize("scale", [1.0, -1e-3, 1e200])
def test_a_copied_number_is_flagged(scale):
    values = np.random.default_rng(0).normal(size=N)
    frame = _frame().assign(label=values, leak=values * scale)
    (finding,) = _findings(_audit(frame, ("text", "leak")), "target-leak")
    assert finding.values["how"] == "correlation"


def test_an_honest_strong_column_is_no_leak():
    rng = np.random.default_rng(0)
    frame = _frame()
    frame["good"] = (frame["label"] == "yes") * 2.0 + rng.normal(size=N)
    frame["topic"] = [f"topic {i % 60}" for i in range(N)]
    assert not _findings(_audit(frame, ("text", "good", "topic")), "target-leak")


@pytest.mark.parametrize(
    "values", [[f"user{i:05}" for i in range(N)], [f"2024-{i}-x" for i in range(N)]]
)
def test_an_input_that_only_names_the_row_is_flagged(values):
    frame = _frame().assign(key=values)
    (finding,) = _findings(_audit(frame, ("text", "key")), "id-like-input")
    assert finding.values == {"column": "key"}


def test_classes_that_cannot_be_learnt_are_named():
    main, test = _frame(), _frame(30, seed=1)
    main.loc[0, "label"] = "once"
    test.loc[[2, 5], "label"] = "new"
    report = _audit(main, test=test)
    assert _findings(report, "rare-class")[0].values == {"classes": 1, "names": "once"}
    (unseen,) = _findings(report, "label-only-in-test")
    assert unseen.values == {"classes": 1, "names": "new", "rows": 2}
    assert unseen.rows == (N + 2, N + 5)


def test_imbalance_is_a_warning():
    frame = _frame()
    frame["label"] = ["rare"] * 4 + ["common"] * (N - 4)
    assert _findings(_audit(frame), "class-counts")[0].level == "warning"


def test_groups_on_both_sides_of_an_official_split_are_counted():
    main = _frame().assign(author=[f"a{i % 6}" for i in range(N)])
    test = _frame(30, seed=1).assign(author=[f"a{i % 6 + 4}" for i in range(30)])
    (finding,) = _findings(_audit(main, test=test, group="author"), "groups-across-splits")
    assert (finding.values["groups"], finding.values["rows"]) == (2, 10)


def test_cells_and_rows_that_are_missing_are_counted(tmp_path):
    frame = _frame().assign(constant="x", nothing=None, half=[None, 1.5, 2.5] * (N // 3))
    path = tmp_path / "rows.csv"
    frame.to_csv(path, index=False)
    path.write_text(path.read_text() + "a,row,that,is,much,too,long\n")
    dataset, target = read_target(load_dataset(path), "label")
    report = audit(dataset, target, ("text", "half"))
    assert [f.values for f in _findings(report, "constant-column")] == [
        {"column": "constant", "all_missing": False},
        {"column": "nothing", "all_missing": True},
    ]
    assert _findings(report, "missing-values")[0].values["rows"] == N // 3
    (aside,) = _findings(report, "rows-set-aside")
    assert (aside.values["rows"], aside.values["of"]) == (1, N + 1)
    assert aside.values["first_line"] == N + 2


def test_few_rows_are_said():
    assert _findings(_audit(_frame(50)), "few-rows")[0].values["rows"] == 50


@pytest.mark.data
def test_ten_test_rows_of_trec_stand_in_train(real_data):
    folder = real_data / "trec6"
    dataset = load_dataset(folder / "train.tsv.gz", test=folder / "test.tsv.gz")
    dataset, target = read_target(dataset, "label")
    (finding,) = _findings(audit(dataset, target, ("text",)), "duplicates-across")
    assert finding.values["exact"] == 10


@pytest.mark.data
def test_phrases_of_sst2_have_371_duplicates(real_data):
    dataset, target = read_target(
        load_dataset(real_data / "sst2" / "train_phrases.tsv.gz"), "label"
    )
    (finding,) = _findings(audit(dataset, target, ("text",)), "duplicates-within")
    assert finding.values["exact"] == 371


@pytest.mark.data
def test_chinese_reviews_with_two_labels_are_found(real_data):
    dataset, target = read_target(load_dataset(real_data / "waimai_10k" / "all.tsv.gz"), "label")
    (finding,) = _findings(audit(dataset, target, ("text",)), "conflicting-labels")
    assert finding.values["inputs"] == 7
