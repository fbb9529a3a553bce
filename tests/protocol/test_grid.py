"""The cells of a plan and their order."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from bakeoff.protocol import grid


@pytest.fixture
def plan(make_run):
    return make_run(
        "trouble", "ngram-linear", answers=lambda i, label: label, folds=4, seeds=3, preset="quick"
    ).plan


def test_the_first_two_folds_of_all_come_before_every_third(plan):
    cells = [c for c in grid.first_cells(plan) if c.stage == grid.FOLD]
    learners = sum(c.learns for c in plan.contenders)
    early, late = cells[: 2 * learners], cells[2 * learners :]
    assert {c.fold for c in early} == {0, 1}
    assert {c.contender for c in early} == {c.name for c in plan.contenders if c.learns}
    first_seed = {c.name: c.seeds[0] for c in plan.contenders}
    assert all(c.fold > 1 or c.seed != first_seed[c.contender] for c in late)


def test_cheap_ones_come_first(plan):
    ranks = {c.name: c.rank for c in plan.contenders}
    assert len(set(ranks.values())) > 1
    cells = [c for c in grid.first_cells(plan) if c.stage == grid.FOLD]
    learners = sum(c.learns for c in plan.contenders)
    for part in (cells[: 2 * learners], cells[2 * learners :]):
        assert [ranks[c.contender] for c in part] == sorted(ranks[c.contender] for c in part)


def test_every_cell_stands_once(plan):
    cells = [*grid.first_cells(plan), *grid.final_cells(plan), *grid.measure_cells(plan)]
    assert len(set(cells)) == len(cells)


def test_seeds_are_spent_on_contenders_that_depend_on_them(plan):
    counts = Counter(c.contender for c in grid.first_cells(plan))
    assert counts["stratified-random"] == 4 * 3
    assert counts["majority"] == counts["ngram-linear"] == 4
    assert counts["answers:llm"] == 1


def test_a_contender_that_does_not_learn_makes_one_early_pass(plan):
    cells = grid.first_cells(plan)
    passes = [c for c in cells if c.contender == "answers:llm"]
    assert [c.stage for c in passes] == [grid.PASS]
    assert cells.index(passes[0]) < min(i for i, c in enumerate(cells) if c.fold == 2)
    assert not [c for c in grid.final_cells(plan) if c.contender == "answers:llm"]


def test_dropped_contenders_have_no_cells(plan):
    contenders = tuple(replace(c, dropped="too dear") for c in plan.contenders)
    plan = replace(plan, contenders=contenders)
    assert not [*grid.first_cells(plan), *grid.final_cells(plan), *grid.measure_cells(plan)]


def test_every_seed_is_refitted_where_the_lockbox_decides(plan):
    lockbox = replace(plan, splits=replace(plan.splits, evidence="lockbox"))
    refits = [Counter(c.contender for c in grid.final_cells(p)) for p in (plan, lockbox)]
    assert [count["stratified-random"] for count in refits] == [1, 3]


@pytest.mark.parametrize(
    ("repeats", "seeds", "expected"),
    [
        (1, (7,), [(0, 7)]),
        (1, (7, 8), [(0, 7), (0, 8)]),
        (3, (7,), [(0, 7), (1, 7), (2, 7)]),
        (2, (7, 8, 9), [(0, 7), (1, 8), (0, 9)]),
    ],
)
def test_repeats_and_seeds_run_side_by_side(plan, repeats, seeds, expected):
    plan = replace(plan, splits=replace(plan.splits, repeats=repeats))
    assert grid.replicates(replace(plan.contenders[0], seeds=seeds), plan) == expected


def test_refits_begin_with_the_dearest(make_run):
    plan = make_run("trouble", "ngram-linear").plan
    cost = {"trouble": 9.0, "ngram-linear": 5.0}
    contenders = tuple(replace(c, estimate_s=cost.get(c.name, 1.0)) for c in plan.contenders)
    names = [cell.contender for cell in grid.final_cells(replace(plan, contenders=contenders))]
    assert list(dict.fromkeys(names))[:2] == ["trouble", "ngram-linear"]
