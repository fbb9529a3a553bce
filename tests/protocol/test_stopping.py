"""Asking until it is decided: against whom, when it stops, and what a stop may not touch."""

import numpy as np
import pytest

from bakeoff.results.ledger import Ledger
from bakeoff.results.records import Opponent

WEAK, STRONG = "trouble@right=0.5", "trouble@right=0.95"


@pytest.fixture
def run(make_run, carry_out):
    """Return a function that runs contenders, and gives the work, the rows and the records."""

    def go(*contenders, **options):
        work = make_run(*contenders, rows=options.pop("rows", 500), **options)
        ending, ears = carry_out(work)
        rows = {row.name: row for row in ending.analysis.rows}
        stops = {r.cell.contender: r.stop for r in ears.cells if r.stop is not None}
        return work, ending, rows, stops, ears

    return go


@pytest.mark.parametrize("evidence", ["oof", "lockbox"])
def test_it_stops_against_the_best_trained_contender_and_becomes_the_choice(run, evidence):
    contenders = (WEAK, "trouble@right=0.6", "paid")
    rows_in_all = 500 if evidence == "oof" else 1500
    _, ending, rows, stops, ears = run(*contenders, evidence=evidence, rows=rows_in_all)
    stop = stops["paid"]
    assert (stop.opponent, stop.better) == ("trouble@right=0.6", True)
    assert stop.asked < stop.planned
    assert stop.e_value >= 40
    assert 0 < stop.low < stop.difference < stop.high
    assert rows["paid"].state == "stopped"
    verdict = ending.analysis.verdict
    assert (verdict.choice, verdict.word, verdict.against) == ("paid", "better", stop.opponent)
    assert [row.name for row in ending.analysis.rows if row.is_choice] == ["paid"]
    assert verdict.regret_upper >= verdict.regret == 0
    assert ears.phases.index("ask") > ears.phases.index("final")


def test_one_that_is_worse_is_no_choice_and_the_others_are_judged_on_all_rows(run):
    work, ending, rows, stops, _ = run(STRONG, "paid@right=0.6")
    assert not stops["paid@right=0.6"].better
    assert ending.analysis.verdict.choice == STRONG
    assert rows[STRONG].score.n == len(work.splits.rows("train"))
    assert rows["paid@right=0.6"].score.n < rows[STRONG].score.n
    assert rows[STRONG].is_reference
    assert "stopped-early" in {threat.code for threat in ending.analysis.threats}
    assert "reference-replaced" not in {threat.code for threat in ending.analysis.threats}


def test_who_waits_for_the_answers_keeps_it_going_if_it_is_better(run):
    _, _, rows, stops, _ = run(WEAK, f"vote:{WEAK}+trouble@right=0.6+paid")
    assert not stops
    assert {row.state for row in rows.values()} == {"done"}


def test_who_waits_for_one_that_is_worse_is_not_run_at_all(run):
    combined = f"vote:{STRONG}+paid@right=0.6"
    _, ending, rows, stops, ears = run(STRONG, combined)
    assert list(stops) == ["paid@right=0.6"]
    assert rows[combined].state == "stopped"
    assert "its part 'paid@right=0.6' was asked on" in rows[combined].reason
    assert combined not in {record.cell.contender for record in ears.cells}
    assert not ending.unfinished


@pytest.mark.parametrize(
    "options", [{"ask_all": True}, {"metric": "mcc"}, {"folds": 1}], ids=["all", "metric", "folds"]
)
def test_it_does_not_stop_where_it_must_not(run, options):
    _, _, rows, stops, _ = run(WEAK, "paid", **options)
    assert not stops
    assert rows["paid"].state == "done"


def test_equals_are_asked_to_the_end(run):
    _, _, rows, stops, _ = run("trouble@right=0.9", "paid@right=0.9")
    assert not stops
    assert rows["paid@right=0.9"].state == "done"


def test_the_opponent_is_chosen_once_and_a_repeated_run_judges_the_same(make_run, carry_out):
    work = make_run(WEAK, "paid", rows=500)
    first, _ = carry_out(work)
    ledger = Ledger(work.folder.ledger_file)
    opponent = ledger.document("opponent", Opponent)
    ledger.close()
    assert opponent.name == WEAK
    assert np.isclose(opponent.score, 0.5, atol=0.1)
    again, ears = carry_out(work)
    assert not ears.cells
    assert again.analysis.verdict == first.analysis.verdict
