"""A device that is not there is said to be so, with the way out."""

import pytest
import torch

from bakeoff.core.errors import UsageError, UserError
from bakeoff.training.devices import resolve_device


def test_auto_is_the_cpu_where_there_is_no_gpu(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert resolve_device("auto") == torch.device("cpu")
    assert resolve_device("cpu") == torch.device("cpu")


def test_a_gpu_that_is_not_there_is_refused(monkeypatch):
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    with pytest.raises(UserError, match="'cuda:1' was asked for and is not there") as caught:
        resolve_device("cuda:1")
    assert "'auto' or 'cpu'" in caught.value.fix
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 0)
    with pytest.raises(UserError, match="torch sees 0 CUDA GPUs"):
        resolve_device("cuda")


def test_a_device_that_nobody_knows_is_refused():
    with pytest.raises(UsageError, match="no device 'gpu'"):
        resolve_device("gpu")
