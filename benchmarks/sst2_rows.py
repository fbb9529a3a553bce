"""The sentences of sst2, as plain lists and as a contender reads them; for the other scripts."""

from __future__ import annotations

import csv
import gzip
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from bakeoff.tasks.examples import Examples

Labels = np.ndarray[Any, np.dtype[np.int32]]


def rows(name: str) -> tuple[list[str], Labels]:
    """Read ``train_sentences``, ``dev`` or ``test``; exit if BAKEOFF_DATA is unset."""
    if not os.environ.get("BAKEOFF_DATA"):
        sys.exit("BAKEOFF_DATA is not set: name the folder that holds sst2/")
    path = Path(os.environ["BAKEOFF_DATA"]) / "sst2" / f"{name}.tsv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as handle:
        found = list(csv.DictReader(handle, delimiter="\t"))
    return [row["text"] for row in found], np.array([int(r["label"]) for r in found], np.int32)


def examples(texts: list[str], labels: Labels, first_id: int) -> Examples:
    """Return them as examples, numbered from ``first_id``."""
    import pyarrow as pa

    from bakeoff.data.columns import Column, ColumnType
    from bakeoff.data.inputs import Inputs
    from bakeoff.tasks.examples import Examples
    from bakeoff.tasks.spec import TaskSpec

    column = Column("text", ColumnType.TEXT)
    task = TaskSpec("classification", (column,), "label", ("accuracy",), ("0", "1"))
    ids = np.arange(first_id, first_id + len(texts))
    return Examples(task, Inputs(ids, pa.table({"text": texts}), (column,)), labels)
