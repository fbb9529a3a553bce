from dataclasses import replace

import pytest

from bakeoff.report.board import MOST_ROWS, board
from bakeoff.report.case import Case
from bakeoff.report.details import costs, metrics, recalls
from bakeoff.report.marks import SHAPES, shapes, svg_path
from bakeoff.report.strip import strip
from bakeoff.report.words import Words


@pytest.fixture
def case(make):
    return lambda name, lang="en": Case(*make[name](), Words(lang))


def test_twelve_rows_are_shown_and_the_choice_and_the_reference_are_among_them(case):
    table = board(case("many_classes"))
    assert len(table.shown) == MOST_ROWS
    assert len(table.folded) == 2
    roles = [row.role for row in table.shown]
    assert roles[0] == "choice"
    assert roles[-1] == "against"


def test_the_tied_are_bracketed_as_one_group(case):
    rows = board(case("small_equivalent")).shown
    assert [row.tied for row in rows] == [True] * 3 + [False] * 4
    assert [row.tied_first for row in rows[:3]] == [True, False, False]
    assert [row.tied_last for row in rows[:3]] == [False, False, True]


def test_one_alone_is_not_a_tie(case):
    assert not any(row.tied for row in board(case("two_contenders")).shown)


def test_the_failed_and_the_dropped_stay_with_their_reason(case):
    failed, dropped = board(case("failures")).shown[-2:]
    assert failed.dot is None
    assert failed.badges == ("failed",)
    assert "MemoryError" in failed.reason
    assert dropped.badges == ("left out",)


def test_guessing_does_not_stretch_the_axis(case):
    *others, guessing = board(case("small_equivalent")).shown
    assert guessing.dot.beyond == -1
    assert all(row.dot.beyond == 0 for row in others)
    assert max(row.dot.value for row in others) - min(row.dot.value for row in others) > 60


def test_recall_stands_beside_accuracy_and_accuracy_beside_any_other_metric(case):
    assert board(case("llm_better")).metrics == ("recall (macro)",)
    plan, analysis = case("llm_better").plan, case("llm_better").analysis
    turned = (analysis.metrics[2], *analysis.metrics[:2])
    other = Case(plan, replace(analysis, metrics=turned), Words())
    assert board(other).metrics == ("accuracy", "recall (macro)")
    assert board(case("regression")).lower_is_better


def test_all_scores_of_a_table_have_the_same_digits(records):
    table = board(Case(*records, Words()))
    digits = {len(row.score.partition(".")[2]) for row in table.shown if row.dot}
    assert len(digits) == 1


def test_settings_tried_side_by_side_are_left_to_their_figure(case):
    seen = case("llm_better")
    variant = replace(seen.analysis.rows[1], name="v", variant_of=seen.analysis.rows[1].name)
    more = replace(seen.analysis, rows=(*seen.analysis.rows, variant))
    assert len(board(Case(seen.plan, more, Words())).shown) == len(seen.analysis.rows)


def test_no_number_of_the_strip_is_bare(records):
    for lang in ("en", "zh"):
        tiles = strip(Case(*records, Words(lang)))
        assert len(tiles) == 4
        assert all(tile.label and tile.value for tile in tiles)


def test_the_strip_compares(case):
    score, price, speed, labels = strip(case("undecided"))
    assert (score.value, score.interval.replace("\u00a0", " ")) == (".826", "[.786, .860]")
    assert price.details == ("$2 a month at 100,000", "“llm_answer”: $41")
    assert speed.details == ("“llm_answer”: not measured",)
    assert labels.details == ("about 310 more would settle it",)


def test_the_folded_tables_hold_every_metric_class_and_cost(case):
    seen = case("llm_better")
    assert len(metrics(seen).rows) == 8
    assert metrics(seen).head[1:5] == ("accuracy", "recall (macro)", "F1 (macro)", "MCC")
    assert len(recalls(case("many_classes")).rows) == 150
    assert recalls(case("regression")) is None
    assert len(costs(case("failures")).rows) == 5


def test_families_keep_their_shape_and_strangers_get_a_free_one():
    given = shapes(["theirs", "answers", "other", "ngram"])
    assert given["answers"] == shapes(["answers"])["answers"] == "diamond"
    assert len(set(given.values())) == 4
    assert set(shapes([f"f{k}" for k in range(40)]).values()) <= set(SHAPES)


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_is_a_closed_path(shape):
    path = svg_path(shape, 5)
    assert path.startswith("M")
    assert path.endswith("Z")
    assert all(abs(number) <= 1.25 for corner in SHAPES[shape] for number in corner)
