"""Rows without a label, from the user's file to the contender in its worker process."""

import os
from pathlib import Path

import pandas as pd
import pytest

import bakeoff
from bakeoff.core.errors import PlanError
from bakeoff.plan.make import make_plan
from bakeoff.plan.options import Options

GOOD, BAD = ("crisp", "keen", "lush", "merry"), ("bleak", "dull", "grim", "sour")


def frame(labelled, blank):
    rows = []
    for i in range(labelled + blank):
        words = (GOOD, BAD)[i % 2]
        text = f"{words[i % 4]} and {words[i // 4 % 4]} piece {i * 7919 + 11} of lot {i * 31 + 5}"
        label = ("yes", "no")[i % 2]
        rows.append((text, label if i < labelled else None, label if i % 5 else None))
    return pd.DataFrame(rows, columns=["text", "label", "gpt"])


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "reviews.csv"
    frame(60, 30).to_csv(path, index=False)
    return path


def test_they_reach_the_worker_and_the_page_says_how_many_they_are(source, tmp_path):
    spec = "distilled:answers:gpt>ngram-linear"
    result = bakeoff.compare(
        source,
        target="label",
        answers=("gpt",),
        text=("text",),
        contenders=[spec, "ngram-linear"],
        preset="quick",
        workers=1,
        out=tmp_path / "run",
    )
    assert result.failed == ()
    (found,) = [f for f in result.plan.findings if f.code == "unlabelled-rows"]
    assert found.values == {"rows": 30, "twins": 0}
    assert "30 rows have no label" in result.folder.report_file.read_text("utf-8")
    splits = result.plan.splits
    assert splits.train_rows + splits.lockbox_rows == 60
    notes = [t.values["note"] for t in result.analysis.threats if t.code == "fit-note"]
    assert any(note.startswith("the teacher gave no answer for") for note in notes)
    model = result.best(spec)
    assert set(model.predict(pd.DataFrame({"text": ["a crisp one", "a sour one"]}))) <= {
        "yes",
        "no",
    }


def test_other_rows_without_a_label_are_another_question(source, tmp_path):
    extra = tmp_path / "extra.csv"
    frame(0, 8).assign(text=lambda f: "extra " + f["text"] + " x").to_csv(extra, index=False)
    options = {"target": "label", "contenders": ("ngram-linear",)}
    without = make_plan(source, Options(**options))
    with_file = make_plan(source, Options(**options, unlabelled=str(extra)))
    assert with_file.prepared.unlabelled.table.num_rows > 30
    assert with_file.plan.question != without.plan.question


LLM = "llm@wording=plain:gpt-x@http://localhost:9/v1"


def test_a_paid_teacher_is_bounded_and_the_plan_says_what_it_asks(source):
    options = {"target": "label", "text": ("text",), "preset": "quick", "llm_price": "1/2"}
    spec = f"distilled@rows=20:{LLM}>ngram-linear"
    plan = make_plan(source, Options(contenders=(spec,), **options)).plan
    (calls,) = [c.calls for c in plan.contenders if c.name == spec]
    one_fit = calls.calls / 4
    assert one_fit >= 20
    assert calls.cost is not None
    assert calls.cost[1] > 0
    with pytest.raises(PlanError, match="say on how many rows"):
        make_plan(source, Options(contenders=(f"distilled:{LLM}>ngram-linear",), **options))
    with pytest.raises(PlanError, match="cannot be a part"):
        make_plan(source, Options(contenders=(f"vote:({spec})+ngram-linear",), **options))


def read(path, **options):
    return pd.read_csv(path, sep="\t", quoting=3, **options)


@pytest.mark.data
@pytest.mark.skipif("BAKEOFF_DATA" not in os.environ, reason="BAKEOFF_DATA is not set")
def test_an_llms_answers_on_rows_without_a_label_teach_a_linear_model(tmp_path):
    folder = Path(os.environ["BAKEOFF_DATA"])
    rows = read(folder / "trec6" / "test.tsv.gz")
    answers = read(folder / "llm_answers" / "trec6_test.tsv").set_index("row")["answer"]
    rows["llm"] = answers.reindex(range(len(rows))).astype("Int64")
    rows["label"] = rows["label"].astype("Int64")
    rows = rows.sample(frac=1, random_state=1).reset_index(drop=True)
    rows.loc[200:, "label"] = pd.NA
    rows.to_csv(tmp_path / "trec.csv", index=False)
    spec = "distilled@weight=1.0:answers:llm>ngram-linear"
    result = bakeoff.compare(
        tmp_path / "trec.csv",
        target="label",
        answers=("llm",),
        text=("text",),
        contenders=[spec, "ngram-linear"],
        reference="ngram-linear",
        workers=1,
        out=tmp_path / "run",
    )
    (found,) = [c for c in result.analysis.comparisons if c.name == spec]
    assert found.difference.value > 0.05
    assert found.difference.low > 0
