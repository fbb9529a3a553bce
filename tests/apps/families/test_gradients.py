"""The gradient by time step, before any training."""

from __future__ import annotations

import pytest

pytest.importorskip("torch")
from bakeoff.apps.families import gradients, memory


@pytest.fixture(scope="module")
def flows():
    return {cell: gradients.flow_at_start(cell, 2) for cell in (*memory.CELLS, "lstm-open")}


@pytest.mark.parametrize("cell", ["lstm", "gru", "lstm-open"])
def test_the_plain_nets_gradient_falls_faster_than_the_gated_ones(flows, cell):
    assert flows["rnn"].left < 0.3 * flows[cell].left


def test_an_open_forget_gate_keeps_a_thousand_times_more(flows):
    assert flows["lstm-open"].left > 1000 * flows["lstm"].left


def test_every_step_has_its_gradient_and_none_is_lost_all_at_once(flows):
    norms = flows["rnn"].norms
    assert len(norms) == memory.LENGTH
    assert max(norms) < 1e20 * min(norms)
    assert norms[-1] == max(norms)


def test_the_first_symbol_is_the_answer_and_stands_nowhere_else():
    symbols, answers = memory.Draws(0).batch(50, 12)
    assert (symbols[:, 0] == answers + 1).all()
    assert (symbols[:, 1:] > memory.ANSWERS).all()


def test_courses_end_at_the_full_length():
    growing = memory.course_lengths("growing", 100, seed=0)
    assert growing[0] == memory.SHORTEST
    assert growing[-1] == max(growing) == memory.LENGTH
    assert max(memory.course_lengths("mixed", 100, seed=0)) <= memory.LENGTH


def test_a_net_learns_short_rows():
    net = memory.make_net("gru", seed=0)
    memory.train(net, [4] * 60, seed=0)
    assert memory.accuracy(net, 4, seed=0) > 0.9
