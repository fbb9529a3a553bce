from __future__ import annotations

import numpy as np
import pytest

from bakeoff.models import linear_head
from bakeoff.models.linear_head import GRID, Rows, choose_c, climb, fit_head, load_head


@pytest.mark.parametrize("best", [GRID[0], 0.1, 10.0, GRID[-1]])
def test_the_climb_finds_the_bottom_of_a_valley(best):
    asked = []

    def loss(c):
        asked.append(c)
        return abs(np.log(c / best))

    assert climb(loss, GRID, 10.0) == best
    assert len(asked) == len(set(asked))


def test_noise_wants_a_stronger_penalty_than_signal():
    rng = np.random.default_rng(0)
    features = rng.normal(size=(400, 40)).astype(np.float32)
    clear = (features[:, 0] > 0).astype(int)
    noise = rng.integers(0, 2, 400)
    chosen = [
        choose_c(Rows(features[:200], y[:200]), Rows(features[200:], y[200:]), 2, 1.0)
        for y in (clear, noise)
    ]
    assert chosen[0] > chosen[1]


def test_too_few_held_out_rows_leave_the_default():
    features, y = np.eye(20, dtype=np.float32), np.arange(20) % 2
    assert choose_c(Rows(features, y), Rows(features, y), 2, 3.0) == 3.0
    assert choose_c(Rows(features, y), None, 2, 3.0) == 3.0


def test_of_very_many_rows_a_part_chooses_the_penalty(monkeypatch):
    rng = np.random.default_rng(0)
    features = rng.normal(size=(300, 5)).astype(np.float32)
    seen = []
    fit = linear_head.fit_head

    def spy(rows, *others):
        seen.append(len(rows.targets))
        return fit(rows, *others)

    monkeypatch.setattr(linear_head, "fit_head", spy)
    monkeypatch.setattr(linear_head, "_MOST_CELLS", 200)
    rows = Rows(features, rng.integers(0, 2, 300))
    choose_c(rows, rows, 2, 1.0)
    assert set(seen) == {100}


@pytest.mark.parametrize("n_classes", [0, 3])
def test_state_survives_as_arrays(n_classes):
    rng = np.random.default_rng(0)
    features = rng.normal(size=(50, 4)).astype(np.float32)
    targets = rng.integers(0, 3, 50) if n_classes else rng.normal(size=50)
    head = fit_head(Rows(features, targets), n_classes, 1.0)
    again = load_head(head.arrays("h"), "h", n_classes)
    np.testing.assert_array_equal(again.outputs(features), head.outputs(features))
