"""``import bakeoff``: one call from data to decision, in Python."""

import subprocess
import sys
import textwrap

import numpy as np
import pandas as pd
import pytest

import bakeoff
from bakeoff.core.errors import ArtefactError, RunFolderError, UsageError
from bakeoff.results.codec import to_json

HEAVY = ("torch", "sklearn", "pandas", "pyarrow", "scipy", "matplotlib", "lightgbm", "pydantic")


@pytest.fixture(scope="module")
def frame(review_rows):
    return pd.DataFrame(review_rows(), columns=["text", "label", "gpt"]).drop(columns="gpt")


@pytest.fixture(scope="module")
def result(frame, tmp_path_factory):
    """A comparison with a name, an estimator and a function."""
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.naive_bayes import MultinomialNB
    from sklearn.pipeline import make_pipeline

    def rules(rows):
        return ["pos" if "great" in row["text"] else "neg" for row in rows]

    return bakeoff.compare(
        frame,
        target="label",
        contenders=["ngram-linear", make_pipeline(CountVectorizer(), MultinomialNB()), rules],
        preset="quick",
        folds=2,
        workers=1,
        out=tmp_path_factory.mktemp("runs") / "face",
    )


def run_script(code, cwd, *flags):
    return subprocess.run(
        [sys.executable, *flags, "-c", textwrap.dedent(code)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        cwd=cwd,
    )


def test_all_names_what_is_visible():
    visible = {name for name in dir(bakeoff) if not name.startswith("_")}
    assert sorted(bakeoff.__all__) == dir(bakeoff)
    assert visible == set(bakeoff.__all__) - {"__version__"}
    assert all(getattr(bakeoff, name) is not None for name in bakeoff.__all__)
    with pytest.raises(AttributeError, match="no attribute 'comparre'"):
        getattr(bakeoff, "comparre")  # noqa: B009 - the name is not there


@pytest.mark.parametrize("code", ["import bakeoff", "from bakeoff.cli import _main; _main([])"])
def test_nothing_heavy_is_loaded_before_it_is_used(code, tmp_path):
    checked = run_script(
        f"{code}\nimport sys\nprint(sorted(set({HEAVY!r}) & set(sys.modules)))", tmp_path
    )
    assert checked.stdout.splitlines()[-1] == "[]", checked.stderr


def test_names_estimators_and_functions_compete_in_one_table(result):
    board = result.leaderboard()
    names = set(board["contender"])
    assert {"ngram-linear", "majority"} < names
    assert any(name.startswith("sklearn:") and "+" in name for name in names)
    assert any("rules" in name for name in names)
    assert set(board["state"]) == {"done"}
    assert board["choice"].sum() == 1
    assert {"accuracy", "low", "high", "tied", "dollars_per_1000", "reason"} <= set(board.columns)


def test_the_verdict_is_a_record_and_says_itself(result):
    verdict = result.verdict
    assert verdict.choice in set(result.leaderboard()["contender"])
    assert verdict.regret >= 0
    assert str(verdict) == repr(verdict) == "\n".join(verdict.sentences)
    assert verdict.sentences[0].endswith(".")
    assert verdict._repr_html_().startswith("<p>")


def test_a_result_reads_well_in_a_console_and_in_a_notebook(result):
    text = str(result)
    assert result.verdict.sentences[0][:30] in text
    assert len(text.splitlines()) <= 40
    assert max(map(len, text.splitlines())) <= 100
    page = result._repr_html_()
    assert page.startswith("<p>")
    assert "<table" in page
    assert "<script" not in page


def test_the_page_goes_where_it_is_asked_for(result, tmp_path):
    place = result.report(tmp_path / "deep" / "report.html", lang="zh")
    assert place.read_text(encoding="utf-8").startswith("<!doctype html>".upper()[:2])
    assert (result.folder.root / "report.html").is_file()
    with pytest.raises(UsageError, match="xx"):
        result.report(lang="xx")


def test_a_model_predicts_frames_and_keeps_their_index(result, frame):
    model = result.best("ngram-linear")
    part = frame.iloc[5:12].drop(columns="label")
    labels = model.predict(part)
    probabilities = model.predict_proba(part)
    assert model.name == "ngram-linear"
    assert labels.shape == (7,)
    assert set(labels) <= {"neg", "pos"}
    assert list(probabilities.columns) == ["neg", "pos"]
    assert list(probabilities.index) == list(range(5, 12))
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    assert list(probabilities.idxmax(axis=1)) == list(labels)


def test_a_model_reads_every_kind_of_table_alike(result, frame, tmp_path):
    import polars as pl
    import pyarrow as pa
    from datasets import Dataset

    model = result.best("ngram-linear")
    part = frame.iloc[:6]
    part.to_csv(tmp_path / "part.csv", index=False)
    expected = list(model.predict(part))
    table = pa.Table.from_pandas(part, preserve_index=False)
    kinds = [pl.from_arrow(table), table, Dataset(table), tmp_path / "part.csv"]
    for data in [*kinds, str(tmp_path / "part.csv")]:
        assert list(model.predict(data)) == expected


def test_a_model_says_which_column_it_lacks(result):
    with pytest.raises(UsageError, match="no column 'text'") as caught:
        result.best("ngram-linear").predict(pd.DataFrame({"txt": ["a b", "c d"]}))
    assert "'ngram-linear' was trained on it" in str(caught.value)
    assert "did you mean 'txt'?" in str(caught.value)


@pytest.mark.parametrize("part", ["sklearn", "rules"])
def test_an_object_is_compared_and_cannot_be_shipped(result, part):
    name = next(name for name in result.leaderboard()["contender"] if part in name)
    with pytest.raises(ArtefactError, match="has no model to load") as caught:
        result.best(name)
    assert "no safe form" in str(caught.value)
    assert "ngram-linear" in caught.value.fix


def test_an_unknown_model_shows_the_nearest(result):
    with pytest.raises(UsageError, match="did you mean 'ngram-linear'"):
        result.best("ngram-liner")


def test_answers_as_the_choice_have_no_model_and_the_others_are_named(finished):
    result = bakeoff.open_result(finished[0])
    with pytest.raises(ArtefactError, match="its answers were made elsewhere") as caught:
        result.best("answers:gpt")
    assert "ngram-linear" in caught.value.fix


def test_an_opened_result_equals_the_one_that_was_returned(result):
    again = bakeoff.open_result(result.folder.root)
    assert to_json(again.analysis) == to_json(result.analysis)
    assert again.plan == result.plan
    assert str(again.verdict) == str(result.verdict)
    with pytest.raises(RunFolderError, match="is not a run folder"):
        bakeoff.open_result(result.folder.root / "models")


@pytest.mark.parametrize(
    ("contenders", "says"),
    [
        ([3], "an object of type int cannot compete"),
        ([dict], "dict is a class"),
        ([len, len], "two contenders have the name 'python:builtins:len'"),
        ("ngram-liner", "did you mean 'ngram-linear'"),
    ],
)
def test_what_cannot_compete_is_refused(frame, tmp_path, contenders, says):
    with pytest.raises(UsageError, match=says):
        bakeoff.compare(frame, target="label", contenders=contenders, out=tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_an_unknown_keyword_shows_the_nearest(frame):
    with pytest.raises(UsageError, match="unknown option 'fold'") as caught:
        bakeoff.compare(frame, target="label", fold=3)
    assert "did you mean 'folds'?" in str(caught.value)


SCRIPT = """
    import pandas as pd
    import bakeoff

    def rules(rows):
        return ["pos" if "good" in row["text"] else "neg" for row in rows]

    words = ["good", "bad"]
    frame = pd.DataFrame(
        {"text": [f"{words[n % 2]} thing {n}" for n in range(40)],
         "label": [["pos", "neg"][n % 2] for n in range(40)]}
    )
    result = bakeoff.compare(frame, target="label", contenders=["majority", rules],
                             preset="quick", folds=2, workers=1, out="run")
    board = result.leaderboard().set_index("contender")
    print("RULES", float(board.loc["python:__main__:rules", "accuracy"]))
"""


def test_a_plain_script_needs_no_main_guard(tmp_path):
    path = tmp_path / "script.py"
    path.write_text(textwrap.dedent(SCRIPT))
    done = subprocess.run(
        [sys.executable, path],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        cwd=tmp_path,
    )
    assert "RULES 1.0" in done.stdout, done.stderr


def test_a_notebook_works_too(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    cell = textwrap.dedent(SCRIPT).replace('["majority", rules]', '["ngram-linear", rules]')
    exec(compile(cell, "<cell 1>", "exec"), {"__name__": "__main__"})
    assert "RULES 1.0" in capsys.readouterr().out
