"""The demonstration from the command line: budgets first, one table, JSON, and going on."""

import json
from dataclasses import replace

import pytest

from bakeoff.plan.classic import small


@pytest.fixture
def light(monkeypatch):
    """Leave only contenders that need no net."""
    text = {"classical": ("ngram-linear",), "deep": ("bm25-knn",)}
    pictures = {"classical": ("pixels-linear",), "deep": ("pixels-knn",)}
    for name, sides, speaker in (
        ("DOCSTRINGS", text, "bm25-knn"),
        ("DIGITS", pictures, "pixels-knn"),
        ("ANGLE", pictures, "pixels-knn"),
    ):
        part = getattr(small, name)
        monkeypatch.setattr(small, name, replace(part, sides=sides, speaker=speaker))


def test_two_sets_make_one_table_and_the_same_command_goes_on(light, call, tmp_path):
    arguments = ("demo", "--only", "digits,angle", "--limit", "90", "--out", tmp_path / "demo")
    code, out, err = call(*arguments)
    assert (code, out) == (0, ""), err
    assert "digits: about 90 rows to learn from, 3 folds, 1 seed" in err
    assert "Take " in err
    assert "not measured" in err
    page = (tmp_path / "demo" / "comparison.html").read_text(encoding="utf-8")
    for name in ("digits", "angle"):
        assert f'href="{name}/report.html"' in page
        assert (tmp_path / "demo" / name / "report.html").is_file()
    code, out, err = call(*arguments, "--json")
    summary = json.loads(out)
    assert code == 0
    assert err.count("were done before") == 2
    assert set(summary["analyses"]) == {"digits", "angle"}
    assert {line["metric"] for line in summary["table"]} == {"accuracy", "mse"}
    assert all(line["out_of_fold"] for line in summary["table"])
    assert len(summary["claims"]) == 7


def test_what_is_misspelt_or_does_not_belong_is_refused(light, refused, tmp_path):
    refused(2, ("demo", "--only", "digit"), "no comparison 'digit' here", "did you mean 'digits'")
    refused(2, ("demo", "--data", tmp_path), "--data belongs to the full comparison")
    refused(2, ("demo", "--full", "--group", "module"), "--group is for the docstrings")
    refused(2, ("demo", "--full", "--data", tmp_path), "none of the ten sets")
