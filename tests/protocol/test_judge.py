"""The judge on small runs whose outcome is known before it looks."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest

from bakeoff.core.errors import BudgetReachedError
from bakeoff.protocol.judge import judge, make_trial
from bakeoff.results.ledger import Ledger
from bakeoff.results.records import Cost

GOOD, SAME, POOR = "trouble@right=0.9", "trouble@right=0.8", "trouble@right=0.7"


@pytest.fixture
def judged(make_run, write_folds, tmp_path):
    """Return a function that judges a run from the codes that each contender predicts."""

    def go(codes, records=(), **options):
        work = make_run(*[name for name in codes if "@" in name], rows=300, **options)
        written = [r for name, of in codes.items() for r in write_folds(work, name, of(work))]
        written += [r for make in records for r in make(work)]
        with closing(Ledger(tmp_path / "ledger.sqlite")) as ledger:
            return work, judge(work, written, ledger)

    return go


@pytest.fixture
def guessing():
    """Return what the two baselines predict: always the first class, and each class in turn."""
    return {
        "majority": lambda work: np.zeros_like(work.targets),
        "stratified-random": lambda work: np.arange(len(work.targets)) % 2,
    }


def wrong_on(every, start=0):
    """Return a contender that is wrong on one row in ``every``."""

    def codes(work):
        found = np.array(work.targets)
        found[start::every] = 1 - found[start::every]
        return found

    return codes


def test_a_clear_winner_is_chosen_without_regret(judged, guessing):
    work, found = judged({**guessing, GOOD: wrong_on(20), POOR: wrong_on(3)}, reference=POOR)
    verdict = found.verdict
    assert (verdict.choice, verdict.word, verdict.against) == (GOOD, "better", POOR)
    assert verdict.regret == 0
    assert verdict.tied == (GOOD,)
    train = work.splits.rows("train")
    rows = {row.name: row for row in found.rows}
    expected = (wrong_on(20)(work)[train] == work.targets[train]).mean()
    assert rows[GOOD].score.value == pytest.approx(expected)
    assert found.rows[0].name == GOOD
    assert found.compared_rows == len(train)


def test_a_tie_is_undecided_or_equivalent_and_never_a_win(judged, guessing):
    _, found = judged({**guessing, GOOD: wrong_on(10), SAME: wrong_on(10, 5)}, reference=SAME)
    assert {GOOD, SAME} <= set(found.verdict.tied)
    assert found.verdict.word in ("undecided", "equivalent")
    assert found.verdict.regret_upper > 0


def test_two_that_agree_on_every_row_are_tied(judged, guessing):
    _, found = judged({**guessing, GOOD: wrong_on(10), SAME: wrong_on(10)}, reference=SAME)
    assert set(found.verdict.tied) == {GOOD, SAME}
    assert found.disagreements_in_all == 0
    assert found.verdict.regret == 0


def test_where_nothing_beats_guessing_the_page_says_so(judged, guessing):
    rng = np.random.default_rng(0)
    _, found = judged(
        {**guessing, GOOD: lambda work: rng.integers(0, 2, len(work.targets))}, reference=GOOD
    )
    assert found.verdict.word == "nothing-beats-guessing"


def test_failed_contenders_stand_in_the_table_with_their_reasons(
    make_run, write_folds, tmp_path, guessing
):
    work = make_run(GOOD, rows=300)
    records = [r for name in guessing for r in write_folds(work, name, guessing[name](work))]
    broken = replace(records[0], cell=replace(records[0].cell, contender=GOOD), state="failed")
    broken = replace(broken, reason="ValueError: no", file="", sha256="", cost=Cost())
    noted = [replace(r, notes=("began again",)) for r in records[:2]]
    with closing(Ledger(tmp_path / "ledger.sqlite")) as ledger:
        found = judge(work, [*noted, *records[2:], broken], ledger)
    rows = {row.name: row for row in found.rows}
    assert (rows[GOOD].state, rows[GOOD].reason, rows[GOOD].score) == (
        "failed", "ValueError: no", None,
    )  # fmt: skip
    assert found.verdict.choice in guessing
    assert "failed-contenders" in {threat.code for threat in found.threats}
    (note,) = [threat for threat in found.threats if threat.code == "fit-note"]
    assert note.values == {"contender": next(iter(guessing)), "note": "began again", "fits": 2}


def test_pretrained_contenders_are_named_as_a_threat(make_run, write_folds, tmp_path, guessing):
    work = make_run(GOOD, rows=300)
    records = [r for name in guessing for r in write_folds(work, name, guessing[name](work))]
    name = next(iter(guessing))
    listed = [replace(c, pretrained=c.name == name) for c in work.plan.contenders]
    work = replace(work, plan=replace(work.plan, contenders=tuple(listed)))
    with closing(Ledger(tmp_path / "ledger.sqlite")) as ledger:
        found = judge(work, records, ledger)
    (threat,) = [t for t in found.threats if t.code == "pretrained-may-have-seen-data"]
    assert threat.values == {"count": 1, "contenders": name}


def test_with_nothing_done_there_is_nothing_to_judge(make_run, tmp_path):
    work = make_run(GOOD)
    with (
        closing(Ledger(tmp_path / "ledger.sqlite")) as ledger,
        pytest.raises(BudgetReachedError, match="no contender finished"),
    ):
        judge(work, [], ledger)


def test_contenders_without_predictions_are_unfinished(judged, guessing):
    codes = {**guessing, GOOD: wrong_on(10)}
    _, found = judged(codes, answers=lambda i, label: label)
    states = {row.name: row.state for row in found.rows}
    assert states["answers:llm"] == "unfinished"


@pytest.fixture
def with_answers(judged, guessing, write_cell):
    """Judge a good contender beside answers, some of which are missing or impossible."""

    def go(status_of, wrong=10):
        def pass_of(work):
            rows = np.sort(np.concatenate([work.splits.rows(r) for r in ("train", "lockbox")]))
            status = [status_of(int(row)) for row in rows]
            codes = np.array(work.targets)[rows]
            codes[[s is not None for s in status]] = -1
            usage = [{} if s == "missing" else {"answers:llm/row": 1.0} for s in status]
            return [
                write_cell(work, "answers:llm", "pass", rows, codes, status=status, usage=usage)
            ]

        codes = {**guessing, GOOD: wrong_on(wrong)}
        work, found = judged(codes, [pass_of], answers=lambda i, label: label)
        return work, found, {row.name: row for row in found.rows}

    return go


def test_unusable_answers_count_as_wrong_and_are_shown_under_both_policies(with_answers):
    work, found, rows = with_answers(lambda row: "outside" if row % 4 == 0 else None)
    train = work.splits.rows("train")
    outside = int((train % 4 == 0).sum())
    llm = rows["answers:llm"]
    assert llm.missing == {"outside": outside}
    assert llm.score.value == pytest.approx(1 - outside / len(train))
    assert llm.score_missing_dropped == 1.0
    assert {"missing-answers", "answers-outside-labels"} <= {t.code for t in found.threats}


def test_rows_without_an_answer_are_not_compared(with_answers):
    work, found, rows = with_answers(lambda row: "missing" if row % 3 == 0 else None)
    train = work.splits.rows("train")
    answered = int((train % 3 != 0).sum())
    assert found.compared_rows == answered
    assert {row.score.n for row in found.rows if row.score} == {answered}
    assert rows["answers:llm"].score.value == 1.0
    assert rows["answers:llm"].missing == {}
    assert rows[GOOD].score_everywhere.n == len(train)
    assert "partial-answers" in {threat.code for threat in found.threats}


def test_an_unknown_price_stays_unknown(with_answers):
    _, found, rows = with_answers(lambda row: None)
    assert rows["answers:llm"].money.per_1000 is None
    assert rows["answers:llm"].money.unknown == ("answers:llm",)
    assert "price-unknown" in {threat.code for threat in found.threats}


def test_rows_of_all_folds_are_joined_in_order(make_run, write_folds):
    work = make_run(GOOD, rows=300)
    records = [r for name in ("majority", GOOD) for r in write_folds(work, name, work.targets)]
    trial = make_trial(work, list(reversed(records)), out_of_fold=True)
    np.testing.assert_array_equal(trial.rows, work.splits.rows("train"))
    np.testing.assert_array_equal(trial.sides[GOOD].predictions[0].ids, trial.rows)
    np.testing.assert_array_equal(trial.sides[GOOD].predictions[0].codes, work.targets[trial.rows])
