"""A warm worker: ``python -m bakeoff.protocol.engines.worker`` runs cells that a driver sends.

One JSON line a message on standard input and output. Whatever contenders print goes to standard
error, which is the worker's log. The worker ends at once when the driver is gone.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import sys
import threading
from dataclasses import astuple
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from bakeoff.core.errors import StorageError
from bakeoff.core.lock import join_lock
from bakeoff.results.codec import to_json
from bakeoff.results.folder import RunFolder
from bakeoff.results.records import Cell

if TYPE_CHECKING:
    from bakeoff.protocol.execute import Executor


def main() -> None:
    """Serve the driver until it says so or is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # The pipe to the driver is moved away from standard output, so that no print can break it.
    replies = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    requests: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(requests,), daemon=True).start()
    _preload()
    _send(replies, {"op": "ready"})
    executor: Executor | None = None
    while True:
        message = requests.get()
        if message["op"] == "open":
            executor = _open(Path(message["folder"]), message["threads"])
            _send(replies, {"op": "opened"})
        elif executor is not None:
            _send(replies, _run(executor, Cell(*message["cell"]), message["attempts"]))


def _listen(requests: queue.SimpleQueue[dict[str, Any]]) -> None:
    """Read requests; when the driver closes the pipe or dies, end at once, children included."""
    for line in sys.stdin:
        requests.put(json.loads(line))
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(0)


def _preload() -> None:
    """Import what every cell needs while the driver still reads the data."""
    import bakeoff.protocol.engines.inprocess
    import bakeoff.protocol.work  # noqa: F401 - imported for its side effect: it is then warm


def _open(folder: Path, threads: int) -> Executor:
    from bakeoff.protocol.engines.inprocess import make_executor
    from bakeoff.protocol.work import read_work

    join_lock(folder)
    return make_executor(read_work(RunFolder(folder)), threads)


def _run(executor: Executor, cell: Cell, attempts: int) -> dict[str, Any]:
    from bakeoff.protocol.engines.inprocess import run_cell

    try:
        record = run_cell(executor, cell, f"worker {os.getpid()}", attempts)
    except StorageError as error:
        return {"op": "storage", "error": [error.what, error.where, error.why, error.fix]}
    return {"op": "record", "cell": astuple(cell), "record": json.loads(to_json(record))}


def _send(replies: TextIO, message: dict[str, Any]) -> None:
    replies.write(json.dumps(message) + "\n")
    replies.flush()


if __name__ == "__main__":
    main()
