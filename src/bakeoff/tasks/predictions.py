"""Predictions: an Arrow table with one row an example."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

USAGE_TYPE = pa.map_(pa.string(), pa.float64())
"""What a row used of things that have a price: ``"SOURCE/unit"`` -> amount."""

NOT_ASKED = "not-asked"
"""Status of a row that a limit of calls or dollars came before: it is not judged at all."""


@dataclass(frozen=True, slots=True)
class Predictions:
    """One prediction an example, as an Arrow table.

    Columns of every kind: ``id`` (int64, of the inputs), ``status`` (string: null when there is a
    prediction, else why not: ``"missing"``, ``"outside"``, ``"unparsed"``, ``"refused"``, ...),
    ``confidence`` (float64 or null; larger is surer; only its order within one contender means
    anything) and ``usage`` (map from ``"SOURCE/unit"`` to an amount, for prices;
    ``"SOURCE/seconds"`` is the wait for calls, by the clock, and has no price). Beside these, the
    kind's own: ``label`` (int32 class code, null when missing) and ``probabilities`` (fixed-size
    list of float64 in the order of ``task.classes``, or absent) for classification;
    ``value`` (float64) for regression; ``nats`` (float64) for language modelling; other kinds
    name theirs in their own file.
    """

    table: pa.Table

    def __len__(self) -> int:
        """Return the number of rows."""
        return int(self.table.num_rows)

    @classmethod
    def of_labels(
        cls,
        ids: NDArray[np.int64],
        codes: NDArray[np.integer],
        probabilities: NDArray[np.floating] | None = None,
        *,
        status: Sequence[str | None] | None = None,
        confidence: NDArray[np.floating] | None = None,
        usage: Sequence[Mapping[str, float]] | None = None,
    ) -> Predictions:
        """Return class predictions.

        Args:
            ids: ``(n,)``, int64.
            codes: ``(n,)``, int: positions in ``task.classes``, -1 where there is none.
            probabilities: ``(n, n_classes)``, rows sum to 1.
            status: Per row, why there is no prediction; None where there is one.
            confidence: ``(n,)``; default: the largest probability.
            usage: Per row, what it used.
        """
        codes32 = np.asarray(codes, dtype=np.int32)
        columns = {"label": pa.array(codes32, mask=codes32 < 0)}
        if probabilities is not None:
            flat = np.ascontiguousarray(probabilities, dtype=np.float64)
            columns["probabilities"] = pa.FixedSizeListArray.from_arrays(
                pa.array(flat.ravel()), flat.shape[1]
            )
            if confidence is None and flat.shape[1] > 0:
                confidence = flat.max(axis=1)
        return cls(_table(ids, columns, status, confidence, usage))

    @classmethod
    def of_numbers(
        cls,
        ids: NDArray[np.int64],
        values: NDArray[np.floating],
        *,
        status: Sequence[str | None] | None = None,
        confidence: NDArray[np.floating] | None = None,
        usage: Sequence[Mapping[str, float]] | None = None,
    ) -> Predictions:
        """Return number predictions; ``values`` is ``(n,)``, NaN where there is none."""
        floats = np.asarray(values, dtype=np.float64)
        columns = {"value": pa.array(floats, mask=np.isnan(floats))}
        return cls(_table(ids, columns, status, confidence, usage))

    @classmethod
    def of_nats(
        cls,
        ids: NDArray[np.int64],
        nats: NDArray[np.floating],
        *,
        status: Sequence[str | None] | None = None,
        usage: Sequence[Mapping[str, float]] | None = None,
    ) -> Predictions:
        """Return how unlikely each text is; ``nats`` is ``(n,)``, NaN where it is not known."""
        floats = np.asarray(nats, dtype=np.float64)
        columns = {"nats": pa.array(floats, mask=np.isnan(floats))}
        return cls(_table(ids, columns, status, None, usage))

    @property
    def ids(self) -> NDArray[np.int64]:
        """``(n,)``, int64."""
        return np.asarray(self.table["id"].to_numpy(), dtype=np.int64)

    @property
    def codes(self) -> NDArray[np.int32]:
        """``(n,)``, int32 class codes, -1 where missing."""
        return np.asarray(pc.fill_null(self.table["label"], -1).to_numpy(), dtype=np.int32)

    @property
    def values(self) -> NDArray[np.float64]:
        """``(n,)``, float64, NaN where missing."""
        return _floats(self.table["value"])

    @property
    def nats(self) -> NDArray[np.float64]:
        """``(n,)``, float64, NaN where missing."""
        return _floats(self.table["nats"])

    @property
    def probabilities(self) -> NDArray[np.float64] | None:
        """``(n, n_classes)``, float64, or None where the contender gives none."""
        if "probabilities" not in self.table.column_names:
            return None
        column = self.table["probabilities"].combine_chunks()
        width = column.type.list_size
        return np.asarray(column.flatten().to_numpy(), dtype=np.float64).reshape(-1, width)

    @property
    def confidence(self) -> NDArray[np.float64]:
        """``(n,)``, float64, NaN where not given."""
        return _floats(self.table["confidence"])

    @property
    def status(self) -> list[str | None]:
        """Per row, why there is no prediction; None where there is one."""
        values: list[str | None] = self.table["status"].to_pylist()
        return values

    @property
    def usage(self) -> list[dict[str, float]]:
        """Per row, what it used of things that have a price."""
        return [dict(row or ()) for row in self.table["usage"].to_pylist()]

    @property
    def is_missing(self) -> NDArray[np.bool_]:
        """``(n,)``, bool: rows without a prediction."""
        return np.asarray(pc.is_valid(self.table["status"]).to_numpy(), dtype=np.bool_)

    def take(self, positions: NDArray[np.int64] | Sequence[int]) -> Predictions:
        """Return the rows at ``positions``, in that order."""
        return Predictions(self.table.take(pa.array(np.asarray(positions, dtype=np.int64))))

    @staticmethod
    def concatenate(parts: Sequence[Predictions]) -> Predictions:
        """Return the rows of all parts, one after the other (columns not in all are dropped)."""
        shared = [
            name
            for name in parts[0].table.column_names
            if all(name in part.table.column_names for part in parts)
        ]
        tables = [part.table.select(shared) for part in parts]
        return Predictions(pa.concat_tables(tables).combine_chunks())


def _table(
    ids: NDArray[np.int64],
    columns: dict[str, pa.Array],
    status: Sequence[str | None] | None,
    confidence: NDArray[np.floating] | None,
    usage: Sequence[Mapping[str, float]] | None,
) -> pa.Table:
    n = len(ids)
    first = next(iter(columns.values()))
    if status is None:
        missing = first.is_null().to_numpy(zero_copy_only=False)
        status = ["missing" if absent else None for absent in missing]
    confidences = np.full(n, np.nan) if confidence is None else np.asarray(confidence, np.float64)
    rows = [None] * n if usage is None else [list(row.items()) for row in usage]
    return pa.table(
        {
            "id": pa.array(np.asarray(ids, dtype=np.int64)),
            **columns,
            "status": pa.array(list(status), pa.string()),
            "confidence": pa.array(confidences, mask=np.isnan(confidences)),
            "usage": pa.array(rows, USAGE_TYPE),
        }
    )


def _floats(column: pa.ChunkedArray) -> NDArray[np.float64]:
    return np.asarray(pc.fill_null(column, float("nan")).to_numpy(), dtype=np.float64)
