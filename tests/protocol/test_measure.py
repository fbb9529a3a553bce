"""Latency and throughput, of a model that can be counted on."""

from __future__ import annotations

import numpy as np
import pytest

from bakeoff.protocol import measure as module
from bakeoff.protocol.measure import measure, with_waiting
from bakeoff.results.records import Cost


class Counting:
    """A fitted model that remembers how many rows it was asked for, each time."""

    def __init__(self):
        self.asked = []

    def predict(self, inputs, context):
        self.asked.append(len(inputs))


@pytest.fixture
def inputs(make_run):
    work = make_run("trouble")
    return work.inputs(work.contender("trouble"), work.splits.rows("train"))


def test_single_rows_come_after_a_warm_up_and_batches_last(inputs):
    fitted = Counting()
    cost = measure(fitted, inputs, None)
    assert fitted.asked == [1] * 103 + [len(inputs)]
    assert 0 < cost.latency_p50_s <= cost.latency_p95_s
    assert cost.throughput_per_s > 0
    assert cost.cpu_s_per_row >= 0


def test_a_slow_model_is_asked_for_five_rows_and_no_more(inputs, monkeypatch):
    monkeypatch.setattr(module, "PATIENCE_S", 0.0)
    fitted = Counting()
    cost = measure(fitted, inputs, None)
    assert fitted.asked == [1] * 8 + [len(inputs)]
    assert cost.latency_p95_s >= cost.latency_p50_s


def test_rows_are_drawn_evenly(inputs):
    seen = []

    class Seeing:
        def predict(self, rows, context):
            seen.extend(rows.ids.tolist())

    measure(Seeing(), inputs, None)
    singles = np.array(seen[3:103])
    assert singles[0] == inputs.ids[0]
    assert singles[-1] == inputs.ids[-1]
    assert (np.diff(singles) >= 0).all()


def test_nothing_is_measured_on_no_rows(inputs):
    assert measure(Counting(), inputs.take([]), None) == Cost()


def test_the_wait_for_calls_is_a_part_of_the_latency_of_the_rows_that_wait():
    own = Cost(latency_p50_s=0.01, throughput_per_s=100.0)
    usage = [{"llm:m@u/seconds": 2.0, "llm:m@u/prompt_tokens": 9.0}] * 3 + [{}] * 7
    found = with_waiting(own, usage)
    assert found.latency_p50_s == pytest.approx(0.01)
    assert found.latency_p95_s == pytest.approx(2.01)
    assert found.throughput_per_s is None
    assert with_waiting(own, [{"llm:m@u/prompt_tokens": 9.0}]) == own
