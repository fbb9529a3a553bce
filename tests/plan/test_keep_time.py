"""What is given up to keep a time limit: dear contenders, repeats, seeds, folds, each said."""

import pytest

from bakeoff.plan.budget import OVERHEAD_S, Effort
from bakeoff.plan.keep_time import Load, expected_seconds, keep_time

CHEAP = Load("cheap", 0.1, needed=True)
NET = Load("net", 2.0, seeded=True)
ENCODER = Load("encoder", 20.0, seeded=True)


def test_nothing_is_given_up_when_all_fits():
    kept = keep_time([CHEAP, NET], Effort(5, 1, 3), 60, 2)
    assert kept.effort == Effort(5, 1, 3)
    assert (kept.dropped, kept.one_seed, kept.notes) == ({}, frozenset(), ())


def test_the_dearest_contender_gives_up_its_seeds_before_the_others_do():
    kept = keep_time([CHEAP, NET, ENCODER], Effort(5, 1, 3), OVERHEAD_S + 70, 2)
    assert kept.one_seed == {"encoder"}
    assert kept.effort == Effort(5, 1, 3)
    assert kept.notes == (
        f"seeds: 1 instead of 3 for encoder, to keep the time limit of {OVERHEAD_S + 70:.0f} s",
    )


def test_a_contender_that_cannot_fit_in_does_not_cost_the_others_their_precision():
    kept = keep_time([CHEAP, NET, ENCODER], Effort(5, 1, 3), OVERHEAD_S + 20, 2)
    assert list(kept.dropped) == ["encoder"]
    assert kept.effort == Effort(5, 1, 3)
    assert kept.notes[0].startswith("encoder: left out, it needs about 30 s of the limit")


def test_repeats_go_before_seeds_and_seeds_before_folds():
    loads = [CHEAP, NET]
    limits = [OVERHEAD_S + seconds for seconds in (30, 14, 6, 3.5)]
    kept = [keep_time(loads, Effort(5, 5, 3), limit, 2) for limit in limits]
    assert [k.effort for k in kept] == [
        Effort(5, 5, 3), Effort(5, 1, 3), Effort(5, 1, 1), Effort(3, 1, 1)
    ]  # fmt: skip
    assert len(kept[3].notes) == 3


def test_a_spare_net_runs_only_where_nobody_waits_for_it():
    spare = Load("spare", 4.0, seeded=True, spare=True)
    asked = Load("asked", 4.0, seeded=True)
    kept = keep_time([CHEAP, spare, asked], Effort(5, 1, 3), 600, 2, patience_s=40)
    assert list(kept.dropped) == ["spare"]
    assert "about 26 s more" in kept.dropped["spare"]
    assert kept.effort == Effort(5, 1, 3)
    assert keep_time([CHEAP, spare], Effort(5, 1, 3), 600, 2, patience_s=40).dropped == {}
    assert keep_time([CHEAP, spare, asked], Effort(5, 1, 3), 600, 2).dropped == {}


def test_what_is_needed_stays_even_where_nothing_fits():
    kept = keep_time([CHEAP, NET], Effort(5, 1, 3), 1, 2)
    assert list(kept.dropped) == ["net"]
    assert kept.effort.folds == 3


def test_fewer_folds_than_the_least_are_left_alone():
    assert keep_time([CHEAP], Effort(2, 1, 1), 0.5, 1).effort == Effort(2, 1, 1)


@pytest.mark.parametrize("workers", [1, 4])
def test_the_expected_time_counts_folds_replicates_and_the_refit(workers):
    load = Load("net", 10.0, seeded=True)
    got = expected_seconds([load], Effort(5, 1, 3), frozenset(), workers)
    assert got == pytest.approx(OVERHEAD_S + 10 * (3 * 5 * 0.8 + 1) / workers)
    alone = expected_seconds([load], Effort(5, 1, 3), frozenset({"net"}), workers)
    assert alone == pytest.approx(OVERHEAD_S + 10 * (5 * 0.8 + 1) / workers)
