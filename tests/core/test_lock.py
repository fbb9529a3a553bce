"""One run at a time on a folder."""

from __future__ import annotations

import os
import subprocess
import sys
import threading

import pytest

from bakeoff.core.errors import RunFolderError
from bakeoff.core.lock import exclusive, folder_lock

HOLDER = """
import sys, pathlib
from bakeoff.core.lock import folder_lock, join_lock
folder = pathlib.Path(sys.argv[2])
def tell():
    print("ready", flush=True)
    sys.stdin.read()
if sys.argv[1] == "driver":
    with folder_lock(folder):
        tell()
else:
    join_lock(folder)
    tell()
"""


@pytest.fixture
def hold(tmp_path):
    """Return a function that starts a process which holds the folder as driver or worker."""
    held = []

    def start(role):
        process = subprocess.Popen(
            [sys.executable, "-c", HOLDER, role, str(tmp_path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        held.append(process)
        assert process.stdout.readline() == b"ready\n"
        return process

    yield start
    for process in held:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


def test_a_second_run_on_the_folder_leaves_and_says_who_holds_it(tmp_path, hold):
    holder = hold("driver")
    with pytest.raises(RunFolderError, match=f"process {holder.pid}"), folder_lock(tmp_path):
        pass


def test_the_lock_of_a_killed_run_is_free(tmp_path, hold):
    holder = hold("driver")
    holder.kill()
    holder.wait()
    with folder_lock(tmp_path):
        assert (tmp_path / ".lock").read_text() == str(os.getpid())


def test_a_run_waits_for_the_workers_of_a_killed_one(tmp_path, hold):
    (tmp_path / ".workers").touch()
    worker = hold("worker")
    with (
        pytest.raises(RunFolderError, match="workers of an earlier run"),
        folder_lock(tmp_path, patience_s=0.1),
    ):
        pass
    worker.kill()
    worker.wait()
    with folder_lock(tmp_path, patience_s=5):
        pass


def test_workers_may_join_the_run_that_holds_the_folder(tmp_path, hold):
    with folder_lock(tmp_path):
        first, second = hold("worker"), hold("worker")
        assert first.poll() is None
        assert second.poll() is None


def test_a_folder_is_locked_once_in_one_process_too(tmp_path):
    with (
        folder_lock(tmp_path),
        pytest.raises(RunFolderError, match="another run"),
        folder_lock(tmp_path),
    ):
        pass


def test_one_process_at_a_time_holds_a_file(tmp_path):
    path = tmp_path / "locks" / "cuda.lock"
    code = (
        "import sys; from pathlib import Path; from bakeoff.core.lock import exclusive\n"
        f"with exclusive(Path({str(path)!r})): print('held', flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout.readline() == "held\n"
    got = threading.Event()

    def wait():
        with exclusive(path):
            got.set()

    waiting = threading.Thread(target=wait)
    waiting.start()
    assert not got.wait(0.2)
    other.kill()
    other.communicate()
    assert got.wait(20)
    waiting.join()
