"""Scores of predictions: the judge's pairs and metrics, bound to a task."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bakeoff.metrics.registry import load_metric
from bakeoff.tasks.kind import load_kind

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from bakeoff.metrics.base import Pairs
    from bakeoff.tasks.examples import Examples
    from bakeoff.tasks.predictions import Predictions
    from bakeoff.tasks.spec import TaskSpec


def make_pairs(task: TaskSpec, targets: NDArray[Any], predictions: Predictions) -> Pairs:
    """Return truth and prediction as the task's metrics take them."""
    return load_kind(task.kind).pairs(task, targets, predictions)


def score(task: TaskSpec, targets: NDArray[Any], predictions: Predictions, metric: str) -> float:
    """Return one metric of the predictions, in its own direction; NaN where undefined."""
    judge = load_metric(metric)
    total: NDArray[np.float64] = judge.total(
        judge.statistics(make_pairs(task, targets, predictions))
    )
    return float(total[0])


def oriented_score(predictions: Predictions, rows: Examples) -> float:
    """Return the primary metric so that larger is better: what contenders see as ``score``."""
    value = score(rows.task, rows.targets, predictions, rows.task.primary)
    return value if load_metric(rows.task.primary).higher_is_better else -value
