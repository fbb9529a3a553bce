"""Kill a comparison again and again, and check that nothing was lost or done twice.

One run is left alone: the reference. Then the same command is started in fresh folders, and its
driver or one of its workers is killed (``SIGKILL``) in chosen phases, seen from outside: by the
files that appear and by the ledger. Nothing in the product knows of this script. Checked are, after
each kill, that what the ledger had acknowledged is still there, untouched, with its file; and at
the end of each round that predictions, models, scores and verdict equal the reference's, that the
lockbox was not opened twice for one contender, and that no stray file is left.

Run it with ``python benchmarks/kills.py --kills 100``; it exits with 1 if anything is violated.
Where the extra ``torch`` is installed, nets and a pretrained encoder compete too; every folder has
a store of its own, so that what a killed run had kept there is part of the trial.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

if TYPE_CHECKING:
    from collections.abc import Callable

ROWS = 600
TOPICS = {
    "billing": ("invoice", "charge", "refund", "card"),
    "crash": ("error", "freeze", "stack", "restart"),
    "question": ("where", "setting", "find", "change"),
}
FILLER = ("the", "my", "it", "when", "please", "after", "app", "account", "today", "screen")
CONTENDERS = (
    *("ngram-linear", "ngram-lm", "bm25-knn"),
    "cascade:ngram-linear>answers:llm",
)
NETS = ("encoder-frozen", "text-cnn@epochs=2@size=32", "lstm@epochs=2@size=16@hidden=16")
"""Few epochs of small nets: what is looked for does not depend on how well they do."""

TIMINGS = {"cost", "money", "date", "wall_s", "spent_cpu_s", "environment", "machine"}
"""Fields of the analysis that differ from run to run by nature."""

PHASES = (
    "plan", "fit", "write", "ledger", "fit", "model", "final", "measure", "judge", "lockbox",
    "report",
)  # fmt: skip
"""The kills of one round, in the order in which a run passes them."""

DRIVER_ONLY = ("plan", "judge", "report")
PATIENCE_S = 300.0
POLL_S = 0.002


def main() -> int:
    """Kill as often as asked; return 0 if nothing was violated."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bakeoff-kills-") as name:
        bench = Bench(Path(name), random.Random(asked.seed))
        return bench.run(asked.kills)


@dataclass(slots=True)
class Outcome:
    """One kill: when, whom, and what was seen after it."""

    phase: str
    victim: str
    acknowledged: int
    unfinished_files: int


@dataclass(slots=True)
class Bench:
    """The data, the reference and the tally."""

    root: Path
    rng: random.Random
    outcomes: list[Outcome] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    missed: Counter[str] = field(default_factory=Counter)

    def run(self, kills: int) -> int:
        """Run the reference, then rounds of kills; print the table."""
        write_data(self.root / "tickets.csv", self.rng)
        began = time.monotonic()
        reference = Run(self.root / "reference", self.root)
        reference.start()
        if reference.wait() != 0:
            print(reference.log(), file=sys.stderr)
            return 1
        seconds = time.monotonic() - began
        cells = len(read_cells(reference.folder))
        print(f"reference: {cells} cells in {seconds:.1f} s", flush=True)
        if cells < 30:
            self.violations.append(f"the run has {cells} cells, 30 are wanted")
        number, began = 0, time.monotonic()
        while len(self.outcomes) < kills:
            number += 1
            before = len(self.outcomes)
            self._round(Run(self.root / f"round-{number}", self.root), reference, kills)
            print(
                f"round {number}: {len(self.outcomes)} kills, {len(self.violations)} violations, "
                f"{time.monotonic() - began:.0f} s",
                flush=True,
            )
            if len(self.outcomes) == before:
                self.violations.append("a round passed without one kill")
                break
        self._table()
        return 1 if self.violations else 0

    def _round(self, run: Run, reference: Run, kills: int) -> None:
        """Kill one run in phase after phase until it ends, then compare it with the reference."""
        acknowledged: dict[tuple[Any, ...], tuple[Any, ...]] = {}
        for phase in PHASES:
            if len(self.outcomes) == kills:
                break
            if not run.is_alive():
                run.start()
            victim = "driver" if phase in DRIVER_ONLY else self.rng.choice(("driver", "worker"))
            if not run.reaches(phase, self.rng) or not run.kill(victim, self.rng):
                self.missed[phase] += 1
                continue
            files = 0
            if victim == "driver":
                run.wait()
                files = self._check_acknowledged(run, acknowledged)
            self.outcomes.append(Outcome(phase, victim, len(acknowledged), files))
        code = run.wait() if run.is_alive() else run.finish()
        if code == 3:  # a cell whose worker was killed twice: the next run does it
            code = run.finish()
        self._check_acknowledged(run, acknowledged)
        if code != 0:
            self.violations.append(f"{run.folder.name} ended with {code}: {run.log()[-2000:]}")
            return
        self._check_end(run, reference)
        shutil.rmtree(run.folder)

    def _check_acknowledged(
        self, run: Run, acknowledged: dict[tuple[Any, ...], tuple[Any, ...]]
    ) -> int:
        """Check what was recorded before; return how many files no record vouches for yet."""
        cells = read_cells(run.folder)
        for cell, row in acknowledged.items():
            if cell not in cells:
                self.violations.append(f"{run.folder.name}: {cell} was lost")
            elif cells[cell] != row:
                self.violations.append(f"{run.folder.name}: {cell} was done twice")
        acknowledged.clear()
        acknowledged.update({cell: row for cell, row in cells.items() if row[0] == "done"})
        named = {row[1] for row in cells.values() if row[1]}
        for file in sorted(named):
            if not (run.folder / file).is_file():
                self.violations.append(f"{run.folder.name}: {file} was acknowledged and is absent")
        there = {f"predictions/{p.name}" for p in (run.folder / "predictions").glob("*")}
        return len(there - named)

    def _check_end(self, run: Run, reference: Run) -> None:
        """Check that the killed run ended as the one that was left alone."""
        name = run.folder.name
        ours, theirs = files_of(run.folder), files_of(reference.folder)
        for path in sorted(ours.keys() ^ theirs.keys()):
            self.violations.append(f"{name}: {path} is in only one of the two folders")
        for path in sorted(ours.keys() & theirs.keys()):
            kept = path.startswith(("predictions/", "models/")) or path == "splits.parquet"
            if kept and ours[path] != theirs[path]:
                self.violations.append(f"{name}: {path} differs from the uninterrupted run's")
        if read_cells(run.folder).keys() != read_cells(reference.folder).keys():
            self.violations.append(f"{name}: other cells than the uninterrupted run's")
        if read_analysis(run.folder) != read_analysis(reference.folder):
            self.violations.append(f"{name}: table or verdict differ from the uninterrupted run's")
        openings = query(run.folder, "SELECT contender FROM lockbox_openings ORDER BY 1")
        if openings != query(reference.folder, "SELECT contender FROM lockbox_openings ORDER BY 1"):
            self.violations.append(f"{name}: lockbox opened for {openings}")

    def _table(self) -> None:
        rows = Counter((o.phase, o.victim) for o in self.outcomes)
        print(f"\n{'phase':<10}{'driver':>8}{'worker':>8}{'missed':>8}")
        for phase in dict.fromkeys(PHASES):
            driver, worker = rows[phase, "driver"], rows[phase, "worker"]
            print(f"{phase:<10}{driver:>8}{worker:>8}{self.missed[phase]:>8}")
        swept = sum(o.unfinished_files for o in self.outcomes)
        print(f"\n{len(self.outcomes)} kills; predictions written but not yet recorded: {swept}")
        print(f"{len(self.violations)} violations")
        for violation in self.violations:
            print(f"  {violation}")


@dataclass(slots=True)
class Run:
    """One run folder and the process that works on it."""

    folder: Path
    root: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the command; the same one goes on where it was stopped."""
        command = [sys.executable, "-m", "bakeoff", "run", str(self.root / "tickets.csv")]
        command += ["--target", "topic", "--answers", "llm", "--workers", "2", "--seeds", "1"]
        nets = NETS if find_spec("torch") and find_spec("transformers") else ()
        command += ["--contenders", ",".join([*CONTENDERS, *nets]), "--out", str(self.folder)]
        with (self.root / f"{self.folder.name}.log").open("ab") as log:
            self.process = subprocess.Popen(
                command,
                stdout=log,
                stderr=log,
                env={**os.environ, "BAKEOFF_CACHE": f"{self.folder}-store"},
            )

    def finish(self) -> int:
        """Run the command to its end and return its exit code."""
        self.start()
        return self.wait()

    def is_alive(self) -> bool:
        """Return whether the driver is running."""
        return self.process is not None and self.process.poll() is None

    def wait(self) -> int:
        """Wait for the driver and return its exit code."""
        assert self.process is not None
        return self.process.wait(timeout=PATIENCE_S)

    def log(self) -> str:
        """Return what the command printed so far."""
        return (self.root / f"{self.folder.name}.log").read_text(errors="replace")

    def kill(self, victim: str, rng: random.Random) -> bool:
        """Kill the driver or one of its workers; return whether there was one to kill."""
        assert self.process is not None
        if victim == "driver":
            if self.process.poll() is not None:
                return False
            self.process.kill()
            return True
        with suppress(psutil.NoSuchProcess):
            workers = psutil.Process(self.process.pid).children()
            if workers:
                rng.choice(workers).kill()
                return True
        return False

    def reaches(self, phase: str, rng: random.Random) -> bool:
        """Wait until the run is in a phase; return False if it ended or has passed it."""
        if phase == "plan":
            return self._until(lambda: (self.folder / ".lock").exists(), most_s=rng.uniform(0.5, 4))
        if phase in ("fit", "write", "ledger"):
            return self._counts_grow("fold", rng.randint(1, 6)) and self._strikes(phase, rng)
        if phase == "model":
            return self._until(self._model_is_half_written)
        if phase in ("final", "measure"):
            return self._counts_grow(phase, rng.randint(0, 3)) and self._pause(rng, 0.2)
        if phase == "judge":
            return self._until(self._is_judging) and self._pause(rng, 1.0)
        if phase == "lockbox":
            return self._until(lambda: self._counts()["openings"] > 0) and self._pause(rng, 0.2)
        return self._until(self._is_reporting)

    def _counts_grow(self, stage: str, by: int) -> bool:
        """Wait for so many more cells of a stage."""
        wanted = self._counts()[stage] + by
        return self._until(lambda: self._counts()[stage] >= wanted)

    def _strikes(self, phase: str, rng: random.Random) -> bool:
        """Wait for a moment inside a fit, at the next file, or at the next write to the ledger."""
        if phase == "fit":
            return self._pause(rng, 0.2)
        watched: Callable[[], object] = self._written if phase == "write" else self._logged
        before = watched()
        return self._until(lambda: watched() != before)

    def _until(self, condition: Callable[[], bool], most_s: float = PATIENCE_S) -> bool:
        """Poll until the condition holds; False if the driver ended first."""
        assert self.process is not None
        deadline = time.monotonic() + most_s
        while not condition():
            if self.process.poll() is not None:
                return False
            if time.monotonic() > deadline:
                return most_s < PATIENCE_S
            time.sleep(POLL_S)
        return self.process.poll() is None

    def _pause(self, rng: random.Random, most_s: float) -> bool:
        time.sleep(rng.uniform(0, most_s))
        return self.is_alive()

    def _counts(self) -> Counter[str]:
        """Return recorded cells by stage, openings and documents."""
        counts: Counter[str] = Counter()
        with suppress(sqlite3.Error):
            file = f"file:{self.folder / 'ledger.sqlite'}?mode=ro"
            with closing(sqlite3.connect(file, uri=True)) as ledger:
                counts.update(dict(ledger.execute("SELECT stage, count(*) FROM cells GROUP BY 1")))
                counts["openings"] = ledger.execute(
                    "SELECT count(*) FROM lockbox_openings"
                ).fetchone()[0]
                counts["documents"] = ledger.execute("SELECT count(*) FROM documents").fetchone()[0]
        return counts

    def _written(self) -> set[str]:
        with suppress(OSError):
            return {path.name for path in (self.folder / "predictions").iterdir()}
        return set()

    def _logged(self) -> int:
        with suppress(OSError):
            return (self.folder / "ledger.sqlite-wal").stat().st_mtime_ns
        return 0

    def _model_is_half_written(self) -> bool:
        with suppress(OSError):
            return any(not (p / "model.json").exists() for p in (self.folder / "models").iterdir())
        return False

    def _is_judging(self) -> bool:
        counts = self._counts()
        return counts["measure"] > 0 and counts["measure"] == counts["final"]

    def _is_reporting(self) -> bool:
        return self._counts()["documents"] > 0 or any(self.folder.glob(".report.html.*"))


def write_data(path: Path, rng: random.Random) -> None:
    """Write tickets of three topics, with answers that are right nine times in ten."""
    with path.open("w", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(["text", "topic", "llm"])
        for number in range(ROWS):
            topic = rng.choice(list(TOPICS))
            words = [*rng.sample(FILLER, 6), rng.choice(TOPICS[topic])]
            words.append(rng.choice(TOPICS[rng.choice(list(TOPICS))]))
            answer = topic if rng.random() < 0.9 else rng.choice(list(TOPICS))
            writer.writerow([" ".join([*words, str(number)]), topic, answer])


def query(folder: Path, statement: str) -> list[tuple[Any, ...]]:
    """Read from a copy of the ledger, so that looking at it mends nothing."""
    with tempfile.TemporaryDirectory() as name:
        for suffix in ("", "-wal"):
            with suppress(FileNotFoundError):
                shutil.copy(folder / f"ledger.sqlite{suffix}", name)
        with closing(sqlite3.connect(Path(name) / "ledger.sqlite")) as ledger:
            try:
                return ledger.execute(statement).fetchall()
            except sqlite3.OperationalError:  # killed before the first table was made
                return []


def read_cells(folder: Path) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """Return cell -> state, file, hash and everything that a second execution would change."""
    rows = query(
        folder,
        "SELECT contender, stage, repeat, fold, seed, state, file, sha256, started_at, "
        "finished_at, worker, attempts, cost FROM cells",
    )
    return {row[:5]: row[5:] for row in rows}


def read_analysis(folder: Path) -> Any:
    """Return the judge's document without what differs by nature."""
    rows = query(folder, "SELECT json FROM documents WHERE name='analysis'")

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {k: plain(v) for k, v in value.items() if k not in TIMINGS}
        return [plain(v) for v in value] if isinstance(value, list) else value

    return plain(json.loads(rows[0][0])) if rows else None


def files_of(folder: Path) -> dict[str, bytes]:
    """Return relative path -> content of every file, the ledger's own left out."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith("ledger.sqlite")
    }


if __name__ == "__main__":
    sys.exit(main())
