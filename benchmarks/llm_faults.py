"""Ask thousands of questions through a network that fails, and let its own journal judge.

A replay server answers, a fault proxy stands before it, and a process of its own asks through the
product's client. In the second round that process is killed (``SIGKILL``) about half-way and
started again on the same store. Counted from the proxy's journal, not from what the client says:
answers that got *lost*, questions *asked again* after an accepted answer, and answers that are
*wrong* only because of the transport.

Run it with ``python benchmarks/llm_faults.py --calls 10000 --rate 0.3``; it exits with 1 if
anything is violated. Waits are shortened, what is done is not.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from bakeoff.contenders.prompted.ask import answer_key, ask_all, stored_reply
from bakeoff.contenders.prompted.client import Limits
from bakeoff.contenders.prompted.endpoint import Endpoint
from bakeoff.models.chat import Ask, Message
from bakeoff.testing import context
from bakeoff.testing.fault_proxy import FaultProxy
from bakeoff.testing.replay_server import ReplayServer

KEY = "sk-canary-of-the-benchmark"
LIMITS = Limits(attempts=15, attempt_s=2.0, first_wait_s=0.02, longest_wait_s=0.2)
MARK = "row number "


def questions(count: int) -> list[Ask]:
    """Return ``count`` different questions."""
    return [Ask((Message("user", f"{MARK}{number} ends"),), 20) for number in range(count)]


def answer(messages: list[dict]) -> str:
    """Return the one right answer to a question."""
    return "answer " + messages[-1]["content"].removeprefix(MARK).removesuffix(" ends")


def worker(url: str, folder: Path, count: int, concurrency: int) -> None:
    """Ask everything and write the replies' texts and statuses."""
    endpoint = Endpoint.parse(f"replay@{url}")
    lent = context(folder)
    replies = ask_all(questions(count), endpoint, lent, concurrency=concurrency, limits=LIMITS)
    result = {
        "replies": [[reply.text, reply.status] for reply in replies],
        "counts": lent.meter.counts,
    }
    (folder / "result.json").write_text(json.dumps(result))


def start(url: str, folder: Path, options: argparse.Namespace) -> subprocess.Popen:
    """Start a process that asks everything."""
    command = [sys.executable, __file__, "--worker", url, str(folder)]
    command += ["--calls", str(options.calls), "--concurrency", str(options.concurrency)]
    return subprocess.Popen(command, env=os.environ | {"BAKEOFF_LLM_KEY": KEY})


def play(options: argparse.Namespace, folder: Path, *, kill: bool) -> dict[str, object]:
    """Ask all questions once, or with a kill in the middle, and judge by the journal."""
    asks = questions(options.calls)
    began = time.perf_counter()
    with (
        ReplayServer(answer) as server,
        FaultProxy(
            server.base_url,
            rate=options.rate,
            seed=options.seed,
            hang_s=5,
            drip_s=0.2,
            retry_after_s=0,
        ) as proxy,
    ):
        process = start(proxy.base_url, folder, options)
        in_flight = kept = 0
        if kill:
            while len(proxy.journal) < options.calls * (1 + options.rate) / 2:
                if process.poll() is not None:
                    raise SystemExit("it ended before it could be killed")
                time.sleep(0.01)
            process.send_signal(signal.SIGKILL)
            process.wait()
            time.sleep(1)  # what the proxy was passing on is written into its journal by then
            endpoint = Endpoint.parse(f"replay@{proxy.base_url}")
            store = context(folder).answers
            kept = sum(stored_reply(store, answer_key(endpoint, ask)) is not None for ask in asks)
            in_flight = sum(entry.accepted for entry in proxy.journal) - kept
            process = start(proxy.base_url, folder, options)
        if process.wait() != 0:
            raise SystemExit("the process that asks has failed")
        seconds = time.perf_counter() - began
        before = len(proxy.journal)
        start(proxy.base_url, folder, options).wait()
        second_run = len(proxy.journal) - before
        again, journal = proxy.asked_again_after_acceptance(), list(proxy.journal)
    result = json.loads((folder / "result.json").read_text())
    return {
        "round": "killed half-way" if kill else "left alone",
        "requests": before,
        "faults": sum(entry.fault != "ok" for entry in journal),
        **judge(result["replies"], journal),
        "asked again": again,
        "kept at the kill": kept,
        "in flight at the kill": in_flight,
        "second run": second_run,
        "key seen": key_seen(folder, journal),
        "seconds": round(seconds, 1),
    }


def judge(replies: list[list], journal: list) -> dict[str, int]:
    """Return how many answers are lost, empty and wrong."""
    empty_by_fault = len({entry.request for entry in journal if entry.fault == "empty"})
    statuses = Counter(status for _, status in replies)
    wrong = sum(
        text != f"answer {number}"
        for number, (text, status) in enumerate(replies)
        if status is None
    )
    empty = statuses.pop("empty", 0)
    lost = sum(statuses.values()) - statuses[None] + abs(empty - empty_by_fault)
    return {"lost": lost, "empty as sent": empty, "wrong": wrong}


def key_seen(folder: Path, journal: list) -> int:
    """Return in how many files and lines the key stands."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return sum(KEY.encode() in path.read_bytes() for path in files) + (KEY in repr(journal))


def main() -> int:
    """Play both rounds, print the table, return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--calls", type=int, default=10_000)
    parser.add_argument("--rate", type=float, default=0.3)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--concurrency", type=int, default=16)
    parser.add_argument("--worker", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        url, folder = options.worker
        worker(url, Path(folder), options.calls, options.concurrency)
        return 0
    rows = []
    for kill in (False, True):
        with tempfile.TemporaryDirectory() as name:
            rows.append(play(options, Path(name), kill=kill))
    print(f"{options.calls:,} questions, {options.rate:.0%} faults, seed {options.seed}\n")
    for name in rows[0]:
        print(f"{name:24}" + "".join(f"{row[name]!s:>18}" for row in rows))
    zero = ("lost", "wrong", "second run", "key seen")
    bad = [(row["round"], name) for row in rows for name in zero if row[name]]
    bad += [
        (row["round"], "asked again")
        for row in rows
        if row["asked again"] > row["in flight at the kill"]
        or row["in flight at the kill"] > options.concurrency
    ]
    print("\nviolated:", bad or "nothing")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
