"""Latency and throughput of a fitted model, measured when nothing else runs; waits for calls."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from bakeoff.results.records import Cost

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bakeoff.contenders.base import Context, Fitted
    from bakeoff.data.inputs import Inputs

SINGLE_ROWS = 100
BATCH_ROWS = 1_000
PATIENCE_S = 3.0
"""Single rows are asked until there are enough or this time is over; never fewer than five."""


def measure(fitted: Fitted, inputs: Inputs, context: Context) -> Cost:
    """Return latency at batch 1 (p50, p95), throughput in batches and CPU-seconds a row.

    Rows are drawn evenly from ``inputs``; the first calls are thrown away as warm-up. With 100
    rows the p95 is the 95th of 100 values and no more precise than that.
    """
    if len(inputs) == 0:
        return Cost()
    single = inputs.take(np.linspace(0, len(inputs) - 1, SINGLE_ROWS).astype(np.int64))
    for position in range(3):
        fitted.predict(single.take([position]), context)
    times: list[float] = []
    begun = time.perf_counter()
    for position in range(len(single)):
        row = single.take([position])
        started = time.perf_counter()
        fitted.predict(row, context)
        times.append(time.perf_counter() - started)
        if time.perf_counter() - begun > PATIENCE_S and len(times) >= 5:
            break
    batch = inputs.take(np.arange(min(BATCH_ROWS, len(inputs))))
    started, cpu = time.perf_counter(), time.process_time()
    fitted.predict(batch, context)
    cpu_s, wall_s = time.process_time() - cpu, time.perf_counter() - started
    return Cost(
        latency_p50_s=float(np.quantile(times, 0.5)),
        latency_p95_s=float(np.quantile(times, 0.95)),
        throughput_per_s=len(batch) / wall_s,
        cpu_s_per_row=cpu_s / len(batch),
    )


def with_waiting(cost: Cost, usage: Sequence[Mapping[str, float]]) -> Cost:
    """Return the cost with the latency of what is asked elsewhere, where that is known.

    A row takes the model's own time, measured in the quiet phase, and that of the calls it made.
    """
    waits = [sum(s for unit, s in row.items() if unit.endswith("/seconds")) for row in usage]
    if not any(waits):
        return cost
    rows = np.array(waits) + (cost.latency_p50_s or 0.0)
    return replace(
        cost,
        latency_p50_s=float(np.median(rows)),
        latency_p95_s=float(np.quantile(rows, 0.95)),
        throughput_per_s=None,
    )
