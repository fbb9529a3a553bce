"""The content-addressed store."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest

from bakeoff.core.store import Store, default_root

KEY = {"model": "hashed", "row": "0123"}


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path, "features")


def test_a_value_comes_back(store):
    store.put(KEY, b"value")
    assert store.get(KEY) == b"value"


def test_keys_are_content_and_not_order(store):
    store.put(KEY, b"value")
    assert store.get(dict(reversed(KEY.items()))) == b"value"
    assert store.get({**KEY, "row": "0124"}) is None


def test_rooms_do_not_share_values(store, tmp_path):
    store.put(KEY, b"value")
    assert Store(tmp_path, "answers").get(KEY) is None


@pytest.mark.parametrize("damage", [b"", b"short", b"x" * 70], ids=["empty", "torn", "changed"])
def test_a_damaged_value_is_made_again(store, damage):
    made = []

    def make():
        made.append(1)
        return np.arange(4.0)

    store.array(KEY, make)
    store.path(KEY).write_bytes(damage)
    assert store.get(KEY) is None
    np.testing.assert_array_equal(store.array(KEY, make), np.arange(4.0))
    np.testing.assert_array_equal(store.array(KEY, make), np.arange(4.0))
    assert len(made) == 2


def test_one_changed_byte_is_noticed(store):
    store.put(KEY, b"value")
    content = bytearray(store.path(KEY).read_bytes())
    content[-1] ^= 1
    store.path(KEY).write_bytes(bytes(content))
    assert store.get(KEY) is None


def test_objects_are_refused_as_they_would_need_a_pickle(store):
    with pytest.raises(ValueError, match="Object arrays cannot be saved"):
        store.put_array(KEY, np.array([{}], dtype=object))


WRITER = """
import pathlib, sys
from bakeoff.core.store import Store
store = Store(pathlib.Path(sys.argv[1]), "features")
for row in range(20):
    store.put({"row": row}, b"value of %d" % row)
    assert store.get({"row": row}) == b"value of %d" % row
"""


def test_many_processes_may_write_the_same_keys(tmp_path):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", WRITER, str(tmp_path)]
    writers = [subprocess.Popen(command, env=environment) for _ in range(4)]
    assert [writer.wait() for writer in writers] == [0] * 4
    assert all(Store(tmp_path, "features").get({"row": row}) for row in range(20))
    assert not list(tmp_path.rglob("*.tmp"))


def test_the_place_can_be_named(monkeypatch, tmp_path):
    monkeypatch.setenv("BAKEOFF_CACHE", str(tmp_path / "here"))
    assert default_root() == tmp_path / "here"
    monkeypatch.delenv("BAKEOFF_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert default_root() == tmp_path / "cache" / "bakeoff"
