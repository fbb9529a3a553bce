"""When a net is computed in bf16: if it is made for it and the machine gains, decided once."""

import pytest
import torch
from torch import nn

from bakeoff.training import precision
from bakeoff.training.precision import choose_precision, cpu_gains, measured_gain

CPU = torch.device("cpu")


def net(*, autocast, recurrent=False):
    made = nn.Sequential(nn.LSTM(2, 2) if recurrent else nn.Linear(2, 2))
    made.autocast = autocast
    return made


@pytest.fixture
def fresh(monkeypatch, tmp_path):
    """A machine never seen: neither the store nor this process knows an answer."""
    monkeypatch.setenv("BAKEOFF_CACHE", str(tmp_path))
    cpu_gains.cache_clear()
    yield
    cpu_gains.cache_clear()


@pytest.fixture
def gain(monkeypatch, fresh):
    """Return a function that makes the probe find such a gain."""
    return lambda value: monkeypatch.setattr(precision, "measured_gain", lambda: value)


@pytest.mark.parametrize(
    ("found", "autocast", "recurrent", "chosen"),
    [
        (2.0, True, False, "bf16"),
        (1.2, True, False, "fp32"),
        (2.0, False, False, "fp32"),
        (2.0, True, True, "fp32"),
    ],
)
def test_auto_needs_a_net_made_for_it_and_a_machine_that_gains(
    found, autocast, recurrent, chosen, gain
):
    gain(found)
    assert choose_precision("auto", net(autocast=autocast, recurrent=recurrent), CPU) == chosen


def test_a_net_that_says_nothing_stays_in_fp32(gain):
    gain(9.0)
    assert choose_precision("auto", nn.Linear(2, 2), CPU) == "fp32"


@pytest.mark.parametrize("asked", ["fp32", "bf16"])
def test_what_was_asked_for_is_done(asked):
    assert choose_precision(asked, net(autocast=False), CPU) == asked


@pytest.mark.parametrize("supported", [True, False])
def test_a_gpu_is_asked_whether_it_can(supported, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation: supported)
    chosen = choose_precision("auto", net(autocast=True), torch.device("cuda"))
    assert chosen == ("bf16" if supported else "fp32")


def test_the_first_answer_stands_for_all_processes(gain):
    gain(2.0)
    assert cpu_gains()
    gain(1.0)
    cpu_gains.cache_clear()  # as in another process
    assert cpu_gains()


def test_the_probe_leaves_threads_and_random_numbers_as_they_were(fresh):
    before = torch.random.get_rng_state(), torch.get_num_threads()
    assert cpu_gains() in (True, False)
    assert torch.equal(torch.random.get_rng_state(), before[0])
    assert torch.get_num_threads() == before[1]


def test_the_probe_finds_a_number():
    assert 0 < measured_gain() < 1000
