"""Holm against statsmodels; intervals and words that never contradict the test."""

import numpy as np
import pytest
from statsmodels.stats.multitest import multipletests

from bakeoff.statistics.equivalence import word
from bakeoff.statistics.multiplicity import agree, holm


def test_holm_equals_statsmodels(monkeypatch):
    # statsmodels collects garbage in every call, which takes longer than all the rest.
    monkeypatch.setattr("gc.collect", lambda: 0)
    random = np.random.default_rng(0)
    for _ in range(200):
        p = random.random(int(random.integers(1, 12))) ** 3
        assert holm(p) == pytest.approx(multipletests(p, method="holm")[1], abs=1e-12)


@pytest.mark.parametrize(
    ("interval", "value", "differs", "expected"),
    [
        ((0.01, 0.05), 0.03, True, (0.01, 0.05)),
        ((-0.01, 0.05), 0.02, True, (0.0, 0.05)),
        ((-0.05, 0.01), -0.02, True, (-0.05, 0.0)),
        ((0.01, 0.05), 0.03, False, (0.0, 0.05)),
        ((-0.05, -0.01), -0.03, False, (-0.05, 0.0)),
        ((-0.01, 0.05), 0.02, False, (-0.01, 0.05)),
    ],
)
def test_the_interval_follows_the_test_about_zero(interval, value, differs, expected):
    assert agree(*interval, value, differs=differs) == expected


@pytest.mark.parametrize(
    ("low", "high", "differs", "rope", "expected"),
    [
        (0.02, 0.05, True, 0.01, "better"),
        (0.00, 0.05, True, None, "better"),
        (0.001, 0.009, True, 0.01, "better-trivially"),
        (-0.05, -0.02, True, 0.01, "worse"),
        (-0.009, -0.001, True, 0.01, "worse-trivially"),
        (-0.01, 0.01, False, 0.01, "equivalent"),
        (-0.01, 0.011, False, 0.01, "undecided"),
        (-0.001, 0.001, False, None, "undecided"),
        (0.0, 0.0, False, 0.01, "equivalent"),
        (float("nan"), float("nan"), False, 0.01, "undecided"),
    ],
)
def test_words(low, high, differs, rope, expected):
    assert word((low + high) / 2, low, high, differs=differs, rope=rope) == expected
