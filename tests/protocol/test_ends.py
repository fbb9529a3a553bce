"""How the command ends when it is interrupted or the disk is full: cleanly, and with a hint."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from bakeoff.results.folder import RunFolder

PATIENCE_S = 120.0


@pytest.fixture
def start(tmp_path):
    """Return a function that starts a run of 400 rows, under another command if need be."""
    rows = [f"text number {i} is {'ab'[i % 2]},{'ab'[i % 2]}" for i in range(400)]
    (tmp_path / "rows.csv").write_text("text,label\n" + "\n".join(rows) + "\n")
    begun = []

    def go(prefix=()):
        command = [sys.executable, "-m", "bakeoff", "run", "rows.csv", "--target", "label"]
        command += ["--text", "text", "--out", "run", "--contenders", "ngram-linear"]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
        process = subprocess.Popen(
            [*prefix, *command, "--folds", "20"],
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        begun.append(process)
        return process, RunFolder(tmp_path / "run")

    yield go
    for process in begun:
        process.kill()
        process.communicate()


def wait_for(condition):
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def is_running(pid):
    with contextlib.suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_ends_cleanly_with_130_and_a_hint(start, number):
    process, folder = start()
    wait_for(lambda: any(folder.predictions.glob("*.parquet")) or process.poll() is not None)
    workers = [child.pid for child in psutil.Process(process.pid).children()]
    assert workers
    process.send_signal(number)
    _, said = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 130
    assert "the same command goes on from here" in said
    assert "Traceback" not in said
    wait_for(lambda: not any(is_running(pid) for pid in workers))


def test_a_full_disk_ends_the_run_with_its_path_and_1(start):
    process, folder = start(["sh", "-c", 'ulimit -f 16; exec "$@"', "sh"])
    _, said = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 1
    assert "Traceback" not in said
    assert "cannot write" in said
    assert folder.root.name in said
    assert "run the same command again" in said
    assert not list(folder.predictions.glob("*"))
