"""Measure what the comparison costs beside the cells: start, driver, idle workers, judge, page.

Runs ``bakeoff run`` with the arguments (default: sst2 in ``$BAKEOFF_DATA``) and watches it
from outside, by its files, its ledger and the process table. Wall seconds mean little on a machine
that is busy with other things, so CPU-seconds stand beside them.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import psutil

POLL_S = 0.02
TEXTS = 100_000
GOALS = {
    "seconds to the first cell": 3.0,
    "driver's share of CPU between first and last cell, %": 5.0,
    "judge, s": 10.0,
    "page and table, s": 10.0,
    "10,000 resamples of a 1,000-row metric, s": 5.0,
    "peak memory of driver and workers, GiB": 4.0,
}


@dataclass(frozen=True, slots=True)
class Moment:
    """When something was first seen, and the CPU-seconds used until then."""

    wall_s: float
    driver_s: float
    workers_s: float


@dataclass(slots=True)
class Watch:
    """A run under observation."""

    folder: Path
    process: subprocess.Popen[bytes]
    began: float = field(default_factory=time.monotonic)
    workers_s: dict[int, float] = field(default_factory=dict)
    driver_s: float = 0.0
    peak_bytes: int = 0
    moments: dict[str, Moment] = field(default_factory=dict)

    def follow(self) -> None:
        """Watch until the run ends."""
        cells = 0
        while self.process.poll() is None:
            self._sample()
            if any(self.folder.glob("work/scratch/*")):
                self._see("first cell")
            recorded, judged = self._recorded()
            if recorded > cells:
                cells = recorded
                self.moments.pop("last cell", None)
                self._see("last cell")
            if judged:
                self._see("judged")
            time.sleep(POLL_S)
        self._see("end")

    def _see(self, name: str) -> None:
        if name not in self.moments:
            used = sum(self.workers_s.values())
            self.moments[name] = Moment(time.monotonic() - self.began, self.driver_s, used)

    def _sample(self) -> None:
        """Add up CPU-seconds and memory of the driver and its workers."""
        memory = 0
        with suppress(psutil.NoSuchProcess):
            driver = psutil.Process(self.process.pid)
            for one in (driver, *driver.children()):
                with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                    times = one.cpu_times()
                    # Pages that are mapped from one file by all are counted once, as shared.
                    facts = one.memory_info()
                    memory += facts.rss - (facts.shared if one is not driver else 0)
                    if one is driver:
                        self.driver_s = times.user + times.system
                    else:
                        self.workers_s[one.pid] = times.user + times.system
        self.peak_bytes = max(self.peak_bytes, memory)

    def _recorded(self) -> tuple[int, bool]:
        with suppress(sqlite3.Error):
            file = f"file:{self.folder / 'ledger.sqlite'}?mode=ro"
            with closing(sqlite3.connect(file, uri=True)) as ledger:
                cells = ledger.execute("SELECT count(*) FROM cells").fetchone()[0]
                documents = ledger.execute("SELECT count(*) FROM documents").fetchone()[0]
                return cells, documents > 0
        return 0, False


def watch(arguments: list[str], folder: Path) -> Watch:
    """Run the command and watch it."""
    command = [sys.executable, "-m", "bakeoff", "run", *arguments, "--out", str(folder / "run")]
    with (folder / "log").open("wb") as log:
        seen = Watch(
            folder / "run",
            subprocess.Popen(
                command,
                stdout=log,
                stderr=log,
                env={**os.environ, "BAKEOFF_CACHE": str(folder / "cache")},
            ),
        )
        seen.follow()
    if seen.process.returncode:
        raise SystemExit((folder / "log").read_text())
    return seen


def idle_share(folder: Path, workers: int) -> float:
    """Return the share of the workers' time in the fold phase in which they had no cell."""
    with closing(sqlite3.connect(folder / "ledger.sqlite")) as ledger:
        rows = ledger.execute(
            "SELECT cost, started_at, finished_at FROM cells WHERE stage='fold'"
        ).fetchall()
    busy_s = sum(json.loads(cost)["wall_s"] or 0.0 for cost, _, _ in rows)
    first = min(np.datetime64(started[:19]) for _, started, _ in rows)
    last = max(np.datetime64(finished[:19]) for _, _, finished in rows)
    wall_s = max(1.0, float((last - first) / np.timedelta64(1, "s")))
    return max(0.0, 1 - busy_s / (workers * wall_s))


def report(seen: Watch, workers: int) -> dict[str, float]:
    """Print the moments of a run and return what has a goal."""
    print(f"{'moment':<12}{'wall, s':>10}{'driver CPU, s':>16}{'workers CPU, s':>16}")
    for name, at in seen.moments.items():
        print(f"{name:<12}{at.wall_s:>10.1f}{at.driver_s:>16.2f}{at.workers_s:>16.2f}")
    first, last, judged, end = (
        seen.moments[name] for name in ("first cell", "last cell", "judged", "end")
    )
    driver_s = last.driver_s - first.driver_s
    total_s = driver_s + last.workers_s - first.workers_s
    print(f"idle share of the workers while folds ran: {idle_share(seen.folder, workers):.0%}")
    print(f"peak memory of driver and workers: {seen.peak_bytes / 2**30:.2f} GiB")
    return {
        "seconds to the first cell": first.wall_s,
        "driver's share of CPU between first and last cell, %": 100 * driver_s / total_s,
        "judge, s": judged.wall_s - last.wall_s,
        "page and table, s": end.wall_s - judged.wall_s,
    }


def resampling_s() -> float:
    """Return the seconds of 10,000 resamples of macro F1 on 1,000 rows of seven classes."""
    from bakeoff.metrics.base import Pairs
    from bakeoff.metrics.registry import load_metric
    from bakeoff.statistics.bootstrap import bootstrap
    from bakeoff.statistics.evidence import Evidence, prepare

    rng = np.random.default_rng(0)
    truth = rng.integers(0, 7, 1_000)
    guess = np.where(rng.random(1_000) < 0.8, truth, rng.integers(0, 7, 1_000))
    metric = load_metric("f1_macro")
    statistics = metric.statistics(Pairs(truth, guess, classes=tuple("abcdefg")))
    prepared = prepare(Evidence(metric, {"it": statistics[None]}, None))
    began = time.perf_counter()
    bootstrap(prepared, 0, resamples=10_000)
    return time.perf_counter() - began


def write_texts(path: Path) -> None:
    """Write 100,000 short texts of four topics."""
    rng = np.random.default_rng(0)
    words = np.array([f"word{i}" for i in range(20_000)])
    weights = 1 / np.arange(1, len(words) + 1)
    drawn = rng.choice(len(words), (TEXTS, 12), p=weights / weights.sum())
    topics = rng.integers(0, 4, TEXTS)
    drawn[:, 0] = topics * 1_000 + rng.integers(0, 50, TEXTS)
    with path.open("w") as handle:
        handle.write("text\ttopic\n")
        handle.writelines(
            f"{' '.join(words[row])}\ttopic{topic}\n"
            for row, topic in zip(drawn, topics, strict=True)
        )


def main() -> int:
    """Measure and compare with the goals; return 1 if one is missed."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--many", action="store_true", help="100,000 texts too, for the memory.")
    parser.add_argument("arguments", nargs="*", help="Of 'bakeoff run' (default: sst2).")
    asked, more = parser.parse_known_args()
    data = Path(os.environ.get("BAKEOFF_DATA", "."))
    folder = data / "sst2"
    sst2 = [str(folder / "train_sentences.tsv.gz"), "--target", "label"]
    sst2 += ["--valid", str(folder / "dev.tsv.gz"), "--test", str(folder / "test.tsv.gz")]
    workers = len(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory(prefix="bakeoff-overhead-") as name:
        found = report(watch([*asked.arguments, *more] or sst2, Path(name)), workers)
    found["10,000 resamples of a 1,000-row metric, s"] = resampling_s()
    if asked.many:
        with tempfile.TemporaryDirectory(prefix="bakeoff-overhead-") as name:
            write_texts(Path(name) / "texts.tsv")
            seen = watch([str(Path(name) / "texts.tsv"), "--target", "topic"], Path(name))
            report(seen, workers)
            found["peak memory of driver and workers, GiB"] = seen.peak_bytes / 2**30
    missed = [what for what, value in found.items() if value > GOALS[what]]
    print(f"\n{'measured':<56}{'value':>10}{'goal':>8}")
    for what, value in found.items():
        print(f"{what:<56}{value:>10.2f}{GOALS[what]:>8g}{'  MISSED' if what in missed else ''}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
