"""What an engine is: it takes cells and yields their records as they are ready."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bakeoff.protocol.work import Work
    from bakeoff.results.records import Cell, CellRecord


class Engine(Protocol):
    """Runs cells; the runner calls `open` once, `run` for each phase, `close` at the end."""

    def open(self, work: Work) -> None:
        """Make the run known to the engine; ``work`` has been written to the run folder."""

    def run(
        self,
        cells: Sequence[Cell],
        *,
        skip: Callable[[Cell], bool],
        deadline_s: float | None = None,
        alone: bool = False,
    ) -> Iterator[CellRecord]:
        """Yield a record for each cell as it is ready, done or failed; each cell at most once.

        Args:
            cells: In the order in which they should start.
            skip: Asked right before a cell starts: True leaves it out (its contender has failed).
            deadline_s: On the monotonic clock; no cell is started after it.
            alone: One cell at a time, for measurements.
        """

    def close(self) -> None:
        """Stop all work at once and free everything, children of workers included."""
