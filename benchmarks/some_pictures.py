"""Draws some rows of a data set of pictures: ``some_pictures.py FROM TO TRAIN_ROWS TEST_ROWS``.

FROM holds train.parquet and test.parquet; TO gets files of the same names with so many rows, drawn
with a fixed seed and not taken from the top, where classes may stand in order.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

SEED = 20_261_123


def main() -> None:
    """Write both files."""
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    target.mkdir(parents=True, exist_ok=True)
    for part, rows in (("train", int(sys.argv[3])), ("test", int(sys.argv[4]))):
        table = pq.read_table(source / f"{part}.parquet", columns=["label", "image"])
        drawn = np.random.default_rng(SEED).permutation(table.num_rows)[:rows]
        pq.write_table(table.take(np.sort(drawn)), target / f"{part}.parquet")


if __name__ == "__main__":
    main()
