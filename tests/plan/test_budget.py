"""How often everything is done, and what a fit is expected to take."""

import pytest

from bakeoff.contenders.registry import make_contender
from bakeoff.plan.budget import Effort, effort, fit_seconds, reads_text
from bakeoff.plan.options import Options


def test_the_users_own_numbers_replace_the_presets():
    assert effort(Options(preset="thorough")) == Effort(5, 5, 5)
    assert effort(Options(preset="quick", folds=8, seeds=2)) == Effort(8, 1, 2)


def test_parts_of_a_combined_contender_are_fitted_once_and_in_each_inner_fold():
    alone = fit_seconds(make_contender("ngram-linear"), 1_000)
    together = fit_seconds(make_contender("vote:ngram-linear+majority"), 1_000)
    guess = fit_seconds(make_contender("majority"), 1_000)
    assert together == pytest.approx(4 * (alone + guess))


def test_a_combined_contender_reads_text_if_a_part_does():
    assert reads_text(make_contender("vote:majority+ngram-linear"))
    assert not reads_text(make_contender("pixels-linear"))
