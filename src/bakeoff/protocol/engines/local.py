"""Runs cells in warm worker processes on this machine.

Workers are started with ``python -m``, never forked, so that a plain script and a notebook work
without ``if __name__``. Each is the leader of a process group of its own: a cell that overruns is
killed with its children. A worker that dies is a retry, then a row with its reason.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import astuple, dataclass, field
from typing import IO, TYPE_CHECKING, Any

from bakeoff.core.errors import StorageError
from bakeoff.results.codec import from_json
from bakeoff.results.ledger import now
from bakeoff.results.records import CellRecord, Cost

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from bakeoff.protocol.work import Work
    from bakeoff.results.records import Cell

ATTEMPTS = 2
"""A cell whose worker dies is tried once more."""


class WorkerDiedError(Exception):
    """The worker process ended in the middle of a cell."""


class WorkerTimeoutError(Exception):
    """The worker was still busy when the cell's time was over."""


@dataclass(slots=True)
class Worker:
    """One worker process and the lines that it sends."""

    process: subprocess.Popen[str]
    lines: queue.SimpleQueue[str | None]
    log: IO[bytes]
    """What the worker and its contenders print; it lives as long as the worker."""

    @classmethod
    def start(cls, threads: int, environment: Mapping[str, str]) -> Worker:
        """Start a worker with its thread pools pinned."""
        pools = ("OMP", "OPENBLAS", "MKL", "NUMEXPR")
        pinned = {f"{pool}_NUM_THREADS": str(threads) for pool in pools}
        log = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the worker
        process = subprocess.Popen(
            [sys.executable, "-m", "bakeoff.protocol.engines.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            env={
                **os.environ,
                **pinned,
                **environment,
                "PYTHONPATH": os.pathsep.join(p for p in sys.path if p),
            },
            start_new_session=True,
            text=True,
        )
        lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        threading.Thread(target=_pump, args=(process, lines), daemon=True).start()
        return cls(process, lines, log)

    def send(self, message: dict[str, Any]) -> None:
        """Send one message; a dead worker is noticed by `receive`."""
        if self.process.stdin is not None:
            with contextlib.suppress(BrokenPipeError, ValueError):
                self.process.stdin.write(json.dumps(message) + "\n")
                self.process.stdin.flush()

    def receive(self, timeout_s: float) -> dict[str, Any]:
        """Return the next message.

        Raises:
            WorkerDiedError: The process ended.
            WorkerTimeoutError: Nothing came in time.
        """
        try:
            line = self.lines.get(timeout=min(timeout_s, threading.TIMEOUT_MAX))
        except queue.Empty:
            raise WorkerTimeoutError from None
        if line is None:
            raise WorkerDiedError
        message: dict[str, Any] = json.loads(line)
        return message

    def last_words(self) -> str:
        """Return the last line that the worker printed."""
        self.log.seek(0)
        lines = self.log.read().decode(errors="replace").strip().splitlines()
        return lines[-1][:300] if lines else ""

    def kill(self) -> None:
        """End the worker and its children now."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout, self.log):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()


def _pump(process: subprocess.Popen[str], lines: queue.SimpleQueue[str | None]) -> None:
    if process.stdout is not None:
        with contextlib.suppress(ValueError, OSError):
            for line in process.stdout:
                lines.put(line)
    lines.put(None)


@dataclass(slots=True)
class LocalEngine:
    """Several workers, each with one cell at a time.

    Args:
        workers: How many processes.
        threads: Threads that each may use.
        cell_limit_s: A cell that takes longer is killed and becomes a row with that reason.
        environment: Variables that the workers are given beside ours.
    """

    workers: int
    threads: int
    cell_limit_s: float = math.inf
    environment: Mapping[str, str] = field(default_factory=dict)
    busy_s: float = 0.0
    _folder: Path | None = None
    _idle: list[Worker] = field(default_factory=list)
    _live: list[Worker] = field(default_factory=list)
    _guard: threading.Lock = field(default_factory=threading.Lock)
    _stopped: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        """Start the workers; they import while the driver still reads the data."""
        self._idle = [self._spawn() for _ in range(self.workers)]

    def open(self, work: Work) -> None:
        """Tell all workers which run they serve."""
        self._folder = work.folder.root
        if not self._idle:
            self.start()
        for worker in self._idle:
            self._introduce(worker)

    def run(
        self,
        cells: Sequence[Cell],
        *,
        skip: Callable[[Cell], bool],
        deadline_s: float | None = None,
        alone: bool = False,
    ) -> Iterator[CellRecord]:
        """Yield a record for each cell as it is ready; see `Engine.run`."""
        waiting: queue.SimpleQueue[Cell] = queue.SimpleQueue()
        for cell in cells:
            waiting.put(cell)
        results: queue.SimpleQueue[CellRecord | BaseException | None] = queue.SimpleQueue()
        count = 1 if alone else min(self.workers, len(cells))
        servers = [
            threading.Thread(
                target=self._serve, args=(waiting, results, skip, deadline_s), daemon=True
            )
            for _ in range(count)
        ]
        for server in servers:
            server.start()
        finished = 0
        while finished < count:
            result = results.get()
            if result is None:
                finished += 1
            elif isinstance(result, BaseException):
                raise result
            else:
                yield result

    def close(self) -> None:
        """Kill all workers with their children."""
        self._stopped.set()
        with self._guard:
            live, self._live, self._idle = self._live, [], []
        for worker in live:
            worker.kill()

    def _serve(
        self,
        waiting: queue.SimpleQueue[Cell],
        results: queue.SimpleQueue[CellRecord | BaseException | None],
        skip: Callable[[Cell], bool],
        deadline_s: float | None,
    ) -> None:
        """Give one worker cell after cell until none is left."""
        try:
            worker = self._take()
            while not self._stopped.is_set():
                if deadline_s is not None and time.monotonic() > deadline_s:
                    break
                try:
                    cell = waiting.get_nowait()
                except queue.Empty:
                    break
                if skip(cell):
                    continue
                begun = time.monotonic()
                record, worker = self._run_one(worker, cell)
                with self._guard:
                    self.busy_s += time.monotonic() - begun
                results.put(record)
            with self._guard:
                self._idle.append(worker)
        except BaseException as error:  # noqa: BLE001 - handed to the driver's thread, raised there
            if not self._stopped.is_set():
                results.put(error)
        finally:
            results.put(None)

    def _run_one(self, worker: Worker, cell: Cell) -> tuple[CellRecord, Worker]:
        started, state, reason = now(), "failed", ""
        for attempt in range(1, ATTEMPTS + 1):
            worker.send({"op": "run", "cell": astuple(cell), "attempts": attempt})
            try:
                return self._reply(worker), worker
            except WorkerTimeoutError:
                reason = f"took longer than {self.cell_limit_s:.0f} s and was stopped"
                worker = self._replace(worker)
                break
            except WorkerDiedError:
                worker.process.wait()
                state, reason = "died", _death(worker)
                worker = self._replace(worker)
        record = CellRecord(cell, state, reason, attempt, Cost(), "", "", started, now())
        return record, worker

    def _reply(self, worker: Worker) -> CellRecord:
        deadline = time.monotonic() + self.cell_limit_s
        while True:
            message = worker.receive(max(0.0, deadline - time.monotonic()))
            if message["op"] == "record":
                return from_json(CellRecord, json.dumps(message["record"]), where="a worker")
            if message["op"] == "storage":
                what, where, why, fix = message["error"]
                raise StorageError(what, where=where, why=why, fix=fix)

    def _take(self) -> Worker:
        with self._guard:
            if self._idle:
                return self._idle.pop()
        return self._spawn(introduce=True)

    def _spawn(self, *, introduce: bool = False) -> Worker:
        worker = Worker.start(self.threads, self.environment)
        with self._guard:
            self._live.append(worker)
        if introduce:
            self._introduce(worker)
        return worker

    def _introduce(self, worker: Worker) -> None:
        worker.send({"op": "open", "folder": str(self._folder), "threads": self.threads})

    def _replace(self, worker: Worker) -> Worker:
        worker.kill()
        with self._guard:
            if worker in self._live:
                self._live.remove(worker)
        if self._stopped.is_set():
            raise WorkerDiedError
        return self._spawn(introduce=True)


def _death(worker: Worker) -> str:
    code = worker.process.returncode
    if code == -signal.SIGKILL:
        return "its process was killed (out of memory?), twice"
    if code < 0:
        return f"its process crashed with {signal.Signals(-code).name}, twice"
    return f"its process ended with exit code {code}, twice: {worker.last_words()}"
