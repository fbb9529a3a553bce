"""The judge: from predictions on disk to everything that the decision page shows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from bakeoff.metrics.labels import recall_per_class
from bakeoff.metrics.registry import load_metric
from bakeoff.protocol import grid, splits
from bakeoff.protocol.choice import Candidate, choose
from bakeoff.protocol.details import confusion, disagreements, reliability, scatter
from bakeoff.protocol.evidence import Entry, common_rows, gather
from bakeoff.protocol.prices import money
from bakeoff.protocol.scoring import make_pairs
from bakeoff.protocol.threats import find_threats
from bakeoff.protocol.variants import cross_fit, mix
from bakeoff.results.analysis import Analysis, MetricRecord, Money, Row, Share, Verdict
from bakeoff.results.ledger import now
from bakeoff.results.records import RECORD_VERSION, Cost
from bakeoff.statistics.procedure import Evidence, ProcedureResult, compare_all, paired_gap
from bakeoff.tasks.predictions import Predictions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from bakeoff.metrics.base import Metric
    from bakeoff.protocol.work import Work
    from bakeoff.results.ledger import Ledger
    from bakeoff.results.records import CellRecord

LEAST_ROWS = 2
"""With fewer compared rows there is nothing to say."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One contender on the compared rows."""

    entry: Entry
    predictions: tuple[Predictions, ...]
    statistics: NDArray[np.float64]
    """``(seeds, n, k)``."""


def judge(
    work: Work, records: Sequence[CellRecord], ledger: Ledger, *, provisional: bool = False
) -> Analysis:
    """Judge what is recorded so far.

    Args:
        work: The run.
        records: Recorded cells.
        ledger: For the openings of the lockbox.
        provisional: Judge the folds that are there, before the deciding rows were predicted.
    """
    return _Judge(work, records, ledger, provisional).analysis()
