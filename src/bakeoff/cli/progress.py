"""What a person sees while a comparison runs: a bar with the time left, and the first table."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from bakeoff.results.analysis import Estimate
    from bakeoff.results.records import CellRecord, Plan

_PHASES = {
    "fold": "training and predicting held-out rows",
    "final": "refitting on everything but the lockbox",
    "measure": "measuring latency, one at a time",
    "lockbox": "opening the lockbox",
    "judge": "judging",
}
_REFRESH_PER_S = 2


class Progress:
    """Shows progress on standard error: a bar on a terminal, plain lines elsewhere."""

    def __init__(self) -> None:
        """Show nothing yet."""
        self._console = Console(stderr=True)
        self._bar = Bar(
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[left]}"),
            console=self._console,
            refresh_per_second=_REFRESH_PER_S,
            transient=True,
            disable=not self._console.is_terminal,
        )
        self._task = self._bar.add_task("reading the data", total=None, left="")
        self._weights: dict[str, float] = {}
        self._left_s = 0.0
        self._done_s = 0.0
        self._began = time.monotonic()

    def __enter__(self) -> Progress:
        """Start to show."""
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop to show."""
        self._bar.stop()

    def told(self, line: str) -> None:
        """Show one line."""
        self._console.print(line, highlight=False, markup=False, soft_wrap=True)

    def planned(self, plan: Plan) -> None:
        """Show what will be done and what it takes, before it starts."""
        from bakeoff.cli.plan import first_lines

        for line in first_lines(plan):
            self.told(line)
        counts = {c.name: 1.0 for c in plan.contenders}
        self._weights = {c.name: (c.estimate_s or 0.0) / counts[c.name] for c in plan.contenders}

    def started(self, cells: int, done: int) -> None:
        """Set the bar's length."""
        self._bar.update(self._task, total=cells, completed=done, left="")
        if done:
            self.told(f"{done} of {cells} cells were done before")
        self._began = time.monotonic()

    def phase(self, name: str) -> None:
        """Name the phase."""
        self._bar.update(self._task, description=_PHASES.get(name, name))

    def cell(self, record: CellRecord) -> None:
        """Count a cell, and show a failure at once."""
        self._bar.advance(self._task)
        task = self._bar.tasks[0]
        if task.total and task.completed:
            spent = time.monotonic() - self._began
            left = spent / task.completed * (task.total - task.completed)
            self._bar.update(self._task, left=f"about {_spoken(left)} left")
        if record.state != "done":
            self.told(f"{record.cell.contender} failed: {record.reason}")

    def table(self, scores: Mapping[str, Estimate]) -> None:
        """Show the first table; it is provisional."""
        spent = time.monotonic() - self._began
        self.told(f"first table, after {_spoken(spent)} (provisional, held-out folds):")
        for name, score in scores.items():
            low, high = score.low, score.high
            interval = "" if low is None or high is None else f" [{low:.3f}, {high:.3f}]"
            self.told(f"  {name:<40} {score.value:.3f}{interval}")


def _spoken(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min"
