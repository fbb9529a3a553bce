"""What the other policy for missing answers would decide, on runs whose outcome is known."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from bakeoff.plan.compare import make_work
from bakeoff.plan.make import make_plan
from bakeoff.plan.options import make_options
from bakeoff.protocol.judge import judge
from bakeoff.report.case import Case
from bakeoff.report.sentences import facts
from bakeoff.report.words import Words
from bakeoff.results.folder import RunFolder, write_table
from bakeoff.results.ledger import Ledger
from bakeoff.results.records import Cell, CellRecord, Cost
from bakeoff.tasks.predictions import Predictions

TRAINED, ANSWERS = "trouble@right=0.9", "answers:llm"
CODES = ("both-policies-differ", "both-policies-differ-in-word", "both-policies-agree")


@pytest.fixture
def told(make_run, write_folds, write_cell, tmp_path):
    """Judge answers of which a tenth is refused beside a trained model that is wrong on 1 in n."""

    def go(wrong_one_in, refused_one_in=10):
        work = make_run(TRAINED, rows=600, answers=lambda i, label: label)
        codes = np.array(work.targets)
        codes[::wrong_one_in] = 1 - codes[::wrong_one_in]
        records = write_folds(work, TRAINED, codes)
        records += write_folds(work, "majority", np.zeros_like(codes))
        rows = np.sort(np.concatenate([work.splits.rows(r) for r in ("train", "lockbox")]))
        status = ["refused" if row % refused_one_in == 5 else None for row in rows.tolist()]
        given = np.where([s is None for s in status], work.targets[rows], -1)
        usage = [{f"{ANSWERS}/row": 1.0}] * len(rows)
        records.append(write_cell(work, ANSWERS, "pass", rows, given, status=status, usage=usage))
        with closing(Ledger(tmp_path / "ledger.sqlite")) as ledger:
            found = judge(work, records, ledger)
        return work, found, {t.code: t for t in found.threats if t.code in CODES}

    return go


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_choice_that_hangs_on_missing_answers_is_told_with_what_it_would_be(told, lang):
    work, found, threats = told(wrong_one_in=20)
    assert found.verdict.choice == TRAINED
    (threat,) = threats.values()
    assert (threat.code, threat.level) == ("both-policies-differ", "warning")
    assert (threat.values["contender"], threat.values["other"]) == (TRAINED, ANSWERS)
    lacking = int((work.splits.rows("train") % 10 == 5).sum())
    assert threat.values["rows"] == lacking
    case = Case(work.plan, found, Words(lang))
    assert any(case.label(ANSWERS) in line for line in facts(case))


def test_a_choice_that_does_not_hang_on_them_is_told_as_the_same(told):
    work, found, threats = told(wrong_one_in=200)
    assert found.verdict.choice == TRAINED
    (threat,) = threats.values()
    assert threat.code != "both-policies-differ"
    assert threat.values["contender"] == TRAINED
    assert not any(ANSWERS in line for line in facts(Case(work.plan, found, Words("en"))))


def test_where_nothing_is_missing_nothing_is_said(told):
    assert told(wrong_one_in=20, refused_one_in=10_000)[2] == {}


def test_a_missing_number_is_left_out_and_the_other_policy_puts_the_mean_there(tmp_path):
    work, records = numbers(tmp_path, lacking_one_in=5)
    with closing(Ledger(tmp_path / "ledger.sqlite")) as ledger:
        found = judge(work, records, ledger)
    (threat,) = [t for t in found.threats if t.code in CODES]
    assert threat.code == "both-policies-differ"
    assert threat.values["how"] == "mean"
    assert (found.verdict.choice, threat.values["other"]) == (ANSWERS, "ngram-linear")
    (missing,) = [t for t in found.threats if t.code == "missing-answers"]
    assert missing.values["how"] == "left-out"
    assert missing.values["share"] == pytest.approx(0.2, abs=0.03)
    assert "score" not in missing.values


def numbers(root, lacking_one_in):
    """Return a run on numbers: a model that is nearly right, answers that are or are refused."""
    rng = np.random.default_rng(0)
    value = rng.normal(size=400) * 10
    frame = pd.DataFrame({"text": [f"row {i}" for i in range(400)], "y": value, "llm": value})
    planned = make_plan(
        frame,
        make_options(
            {"target": "y", "kind": "regression", "text": ("text",), "answers": ("llm",),
             "contenders": ("ngram-linear",), "folds": 3, "seeds": 1}
        ),
    )  # fmt: skip
    plan = replace(planned.plan, splits=replace(planned.plan.splits, evidence="oof"))
    work = make_work(planned, RunFolder(root / "run"), plan)
    held_out = [work.splits.fold_rows(0, fold)[1] for fold in range(3)]
    (seed,) = next(c.seeds for c in plan.contenders if c.name == "ngram-linear")
    near = work.targets + rng.normal(size=len(work.targets))
    records = [
        written(work, Cell("ngram-linear", "fold", 0, fold, seed), rows, near[rows])
        for fold, rows in enumerate(held_out)
    ]
    rows = np.arange(len(work.targets))
    status = ["refused" if row % lacking_one_in == 0 else None for row in rows]
    given = np.where([s is None for s in status], work.targets, np.nan)
    return work, [*records, written(work, Cell(ANSWERS, "pass", 0, 0, 0), rows, given, status)]


def written(work, cell, rows, values, status=None):
    path = work.folder.cell_file(cell)
    digest = write_table(path, Predictions.of_numbers(rows, values, status=status).table)
    file = str(path.relative_to(work.folder.root))
    return CellRecord(cell, "done", "", 1, Cost(cpu_s_per_row=1e-6), file, digest, "then", "now")
