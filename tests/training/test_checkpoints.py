"""A checkpoint: read back to the last bit, or not at all."""

import math

import pytest
import torch

from bakeoff.core.errors import StorageError
from bakeoff.training import checkpoints
from bakeoff.training.checkpoints import Checkpoints, Progress, Snapshot
from bakeoff.training.trained import Epoch


@pytest.fixture
def snapshot():
    progress = Progress(
        attempt=1,
        fault="it diverged",
        epoch=2,
        position=3,
        step=19,
        loss_sum=0.1 + 0.2,
        micro_rows=4,
        epochs=[Epoch(1 / 3, None), Epoch(2 / 3, math.pi)],
        best_epoch=1,
    )
    weights = {"a.weight": torch.rand(3, 2), "a.count": torch.tensor(7)}
    return Snapshot(progress, weights, {}, {"0.1.step": torch.tensor(3.0)}, {"0.1.flag": None})


@pytest.fixture
def make(tmp_path):
    """Return a function that opens this test's checkpoint, and the lines that were logged."""
    lines = []

    def make(fingerprint="f", key="a key / with: signs", every_steps=None):
        return Checkpoints(tmp_path, key, fingerprint, lines.append, every_steps), lines

    return make


def test_what_was_written_is_read_back(make, snapshot):
    make()[0].write(snapshot)
    found = make()[0].read()
    assert found.progress == snapshot.progress
    assert found.plain == snapshot.plain
    assert found.best == {}
    for name, tensor in {**snapshot.net, **snapshot.optimiser}.items():
        assert torch.equal({**found.net, **found.optimiser}[name], tensor)


def test_nothing_is_read_where_nothing_was_written(make):
    checkpoint, lines = make()
    assert checkpoint.read() is None
    checkpoint.remove()
    assert lines == []


@pytest.mark.parametrize("damage", ["cut", "changed", "empty", "text"])
def test_a_damaged_one_is_ignored_and_said_to_be_so(damage, make, snapshot):
    checkpoint, lines = make()
    checkpoint.write(snapshot)
    data = checkpoint.path.read_bytes()
    middle = len(data) // 2
    checkpoint.path.write_bytes(
        {
            "cut": data[:-10],
            "changed": data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :],
            "empty": b"",
            "text": b"\x80\x04\x95 a pickle, perhaps",
        }[damage]
    )
    assert checkpoint.read() is None
    assert len(lines) == 1
    assert "is damaged: the fit begins anew" in lines[0]


def test_one_of_another_fit_is_ignored(make, snapshot):
    make("f")[0].write(snapshot)
    other, lines = make("g")
    assert other.read() is None
    assert "is of another fit" in lines[0]
    assert make(key="another")[0].read() is None


def test_the_clock_or_the_count_of_steps_says_when(make, snapshot, monkeypatch):
    now = [100.0]
    monkeypatch.setattr(checkpoints.time, "monotonic", lambda: now[0])
    timed, _ = make()
    assert not timed.due(1)
    now[0] += checkpoints.INTERVAL_S
    assert timed.due(2)
    timed.write(snapshot)
    assert not timed.due(3)
    counted, _ = make(every_steps=3)
    assert [counted.due(step) for step in (1, 2, 3, 6)] == [False, False, True, True]


def test_slow_writing_is_done_less_often(make, snapshot, monkeypatch):
    now = [0.0]

    def clock():
        now[0] += 10.0
        return now[0]

    monkeypatch.setattr(checkpoints.time, "monotonic", clock)
    slow, _ = make()
    slow.write(snapshot)
    assert slow._next_s - now[0] == checkpoints.SHARE * 10.0


def test_a_folder_that_cannot_be_written_is_said_to_be_so(make, snapshot, tmp_path):
    checkpoint, _ = make()
    checkpoint.path = tmp_path / "file" / "checkpoint"
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError):
        checkpoint.write(snapshot)
