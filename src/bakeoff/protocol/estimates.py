"""What a contender scores by itself: out of fold and on the lockbox, each with its interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bakeoff.metrics.registry import load_metric
from bakeoff.protocol import grid
from bakeoff.protocol.evidence import gather, row_groups
from bakeoff.protocol.scoring import make_pairs
from bakeoff.statistics.bootstrap import bootstrap
from bakeoff.statistics.evidence import Evidence, prepare
from bakeoff.statistics.scores import score

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from bakeoff.metrics.base import Metric
    from bakeoff.protocol.evidence import Entry
    from bakeoff.protocol.judge import Side, Trial
    from bakeoff.results.analysis import Estimate
    from bakeoff.results.records import ContenderRecord
    from bakeoff.tasks.predictions import Predictions

SPOKEN_OF = {"classification": ("accuracy", "recall_macro"), "regression": ("mse",)}
"""Metrics that have an interval beside the primary one: those that results are quoted in."""

RESAMPLES = 2_000
"""Of the metrics beside the primary one: no verdict rests on them."""


@dataclass(frozen=True, slots=True)
class BothWays:
    """Every contender's predictions out of fold and on the lockbox.

    Args:
        trial: What is judged.
        out_of_fold: Contender -> its entry on the training rows.
        held_out: Contender -> its entry on the lockbox, where that was opened for it.
    """

    trial: Trial
    out_of_fold: Mapping[str, Entry]
    held_out: Mapping[str, Entry]

    def of(
        self, name: str, record: ContenderRecord, side: Side
    ) -> tuple[dict[str, Estimate], dict[str, Estimate]]:
        """Return a contender's estimates out of fold and on the lockbox, by metric."""
        if name not in self.out_of_fold:
            # A row that picks among variants has predictions on the compared rows alone.
            found = _estimates(self.trial, side.predictions, self.trial.rows)
            return (found, {}) if self._decides_out_of_fold else ({}, found)
        out_of_fold = self._at(self.out_of_fold[name])
        held_out = self._at(self.held_out[name]) if self._is_open(name, record) else {}
        return out_of_fold, held_out

    @property
    def _decides_out_of_fold(self) -> bool:
        return self.trial.work.plan.splits.evidence == "oof"

    def _is_open(self, name: str, record: ContenderRecord) -> bool:
        """Return whether the lockbox was opened for a contender, or decides for all."""
        if not self._decides_out_of_fold:
            return True
        opened = [r.cell for r in self.trial.records if r.cell.stage == grid.LOCKBOX]
        return bool(opened) and (
            not record.learns or any(cell.contender == name for cell in opened)
        )

    def _at(self, entry: Entry) -> dict[str, Estimate]:
        if entry.state != "done" or not entry.answered.any():
            return {}
        rows = entry.rows[entry.answered]
        return _estimates(self.trial, entry.at(rows), rows)


def read_both_ways(trial: Trial) -> BothWays:
    """Return all predictions of the trial; those that decide are there already."""
    here = {entry.name: entry for entry in trial.entries}
    is_out_of_fold = trial.work.plan.splits.evidence == "oof"
    others = gather(trial.work, trial.records, out_of_fold=not is_out_of_fold)
    there = {entry.name: entry for entry in others}
    return BothWays(trial, here, there) if is_out_of_fold else BothWays(trial, there, here)


def _estimates(
    trial: Trial, predictions: Sequence[Predictions], rows: NDArray[np.int64]
) -> dict[str, Estimate]:
    """Return the estimates of one contender's predictions for ``rows``, by metric."""
    task = trial.work.task
    pairs = [make_pairs(task, trial.work.targets[rows], each) for each in predictions]
    found = {}
    for name in dict.fromkeys((task.primary, *SPOKEN_OF.get(task.kind, ()))):
        metric = load_metric(name)
        if metric.needs_probabilities and any(each.probabilities is None for each in pairs):
            continue
        statistics = np.stack([metric.statistics(each) for each in pairs])
        if np.isnan(statistics).any(axis=(0, 2)).all():
            continue
        count = None if name == task.primary else RESAMPLES
        found[name] = estimate(trial, metric, statistics, rows, resamples=count)
    return found


def estimate(
    trial: Trial,
    metric: Metric,
    statistics: NDArray[np.float64],
    rows: NDArray[np.int64],
    *,
    resamples: int | None = None,
) -> Estimate:
    """Return a metric of one contender alone, with its 95 % interval.

    Args:
        trial: For the groups of rows and the seed.
        metric: The metric.
        statistics: ``(seeds, n, k)``, float64, of the contender.
        rows: ``(n,)``, int64: the rows' ids.
        resamples: Of the bootstrap; default: as for the verdict.
    """
    prepared = prepare(Evidence(metric, {"it": statistics}, row_groups(trial.work, rows)))
    draws = bootstrap(prepared, trial.work.plan.seed, resamples=resamples)
    return score(prepared, draws, 0, trial.work.plan.alpha)
