"""What language models wrote, read back from the cells in which they were measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from bakeoff.protocol import grid
from bakeoff.protocol.execute import SAMPLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bakeoff.protocol.work import Work
    from bakeoff.results.records import CellRecord


def samples(work: Work, records: Sequence[CellRecord]) -> dict[str, str]:
    """Return contender -> a text that it wrote, in the order of the records."""
    return {
        record.cell.contender: str(pq.read_table(work.folder.root / record.file)[SAMPLE][0])
        for record in records
        if record.cell.stage == grid.MEASURE and record.file
    }
