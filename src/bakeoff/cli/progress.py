"""What a person sees while a comparison runs: a bar with the time left, and the first table."""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from bakeoff.cli.plan import first_lines
from bakeoff.cli.spoken import WIDTH, spoken_s
from bakeoff.metrics.registry import load_metric
from bakeoff.protocol import grid

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from bakeoff.results.analysis import Estimate
    from bakeoff.results.records import Cell, CellRecord, Plan

_PHASES = {
    "fold": "training on folds",
    "final": "refitting on all but the lockbox",
    "ask": "asking language models",
    "measure": "measuring latency",
    "lockbox": "opening the lockbox",
    "judge": "judging",
}
_REFRESH_PER_S = 2
_QUICK_CELL_S = 0.3
"""CPU-seconds charged to a cell that trains nothing, for the time left."""
_TABLE_ROWS = 10
_NAME_WIDTH = 44


class Progress:
    """Shows progress on standard error: a bar on a terminal, plain lines elsewhere."""

    def __init__(self, *, first_table: bool = True) -> None:
        """Show nothing yet; ``first_table``: whether provisional scores will be shown."""
        self._first_table = first_table
        self._console = Console(stderr=True)
        self._bar = Bar(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[left]}"),
            console=self._console,
            refresh_per_second=_REFRESH_PER_S,
            transient=True,
            disable=not self._console.is_terminal,
        )
        self._task = self._bar.add_task("reading the data", total=None, left="")
        self._cost_s: dict[tuple[str, str], float] = {}
        self._expected_s = 0.0
        self._left_s = 0.0
        self._done_s = 0.0
        self._began = time.monotonic()
        self._metric = ""

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
        for line in first_lines(plan):
            self.told(line)
        cells = grid.planned_cells(plan)
        fits = Counter(c.contender for c in cells if c.stage in (grid.FOLD, grid.FINAL))
        estimates = {c.name: c.estimate_s or 0.0 for c in plan.contenders}
        for cell in cells:
            fitted = cell.stage in (grid.FOLD, grid.FINAL)
            own = estimates[cell.contender] / fits[cell.contender] if fitted else 0.0
            self._cost_s[_kind(cell)] = own + _QUICK_CELL_S
        self._left_s = sum(self._cost_s[_kind(cell)] for cell in cells)
        self._expected_s = plan.expected_s
        self._metric = load_metric(plan.task.metrics[0]).title

    def started(self, cells: int, done: int) -> None:
        """Set the bar's length."""
        self._bar.update(self._task, total=cells, completed=done, left="")
        if done:
            self.told(f"{done} of {cells} cells were done before")
            self._left_s *= (cells - done) / max(cells, 1)
        self._began = time.monotonic()

    def phase(self, name: str) -> None:
        """Name the phase."""
        self._bar.update(self._task, description=_PHASES.get(name, name))

    def cell(self, record: CellRecord) -> None:
        """Count a cell, and show a failure at once."""
        cost = self._cost_s.get(_kind(record.cell), _QUICK_CELL_S)
        self._left_s, self._done_s = max(0.0, self._left_s - cost), self._done_s + cost
        self._bar.update(self._task, advance=1, left=f"about {spoken_s(self._time_left())} left")
        if record.state != "done":
            reason = (record.reason.splitlines() or [""])[0]
            self.told(f"{record.cell.contender} failed: {reason}"[: 2 * WIDTH])

    def table(self, scores: Mapping[str, Estimate]) -> None:
        """Show the first table; it is provisional."""
        if not self._first_table:
            return
        spent = time.monotonic() - self._began
        self.told(
            f"first table, after {spoken_s(spent)} ({self._metric}, held-out folds, provisional):"
        )
        for name, score in list(scores.items())[:_TABLE_ROWS]:
            low, high = score.low, score.high
            interval = "" if low is None or high is None else f" [{low:.3f}, {high:.3f}]"
            self.told(f"  {name:<{_NAME_WIDTH}} {score.value:.3f}{interval}")

    def _time_left(self) -> float:
        """Return wall seconds: by the plan at first, by the pace seen as it shows."""
        spent = time.monotonic() - self._began
        share = self._done_s / max(self._done_s + self._left_s, _QUICK_CELL_S)
        by_plan = max(0.0, self._expected_s - spent)
        by_pace = spent / max(share, 1e-9) - spent
        return (1 - share) * by_plan + share * by_pace


def _kind(cell: Cell) -> tuple[str, str]:
    return cell.contender, cell.stage
