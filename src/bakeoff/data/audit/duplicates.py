"""Rows that stand in the data more than once, exactly or nearly, and what hangs on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bakeoff.data.audit.base import PARTS, AuditFinding, Subject, Value, some
from bakeoff.data.audit.near_images import near_image_clusters
from bakeoff.data.audit.near_texts import near_text_clusters
from bakeoff.data.audit.pairs import combine
from bakeoff.data.columns import ColumnType

if TYPE_CHECKING:
    from numpy.typing import NDArray

_EXPECTED_REPEATS = 20
"""A table whose columns allow fewer than so many combinations a row repeats by nature."""


@dataclass(frozen=True, slots=True)
class Duplicates:
    """Which rows are the same.

    Args:
        exact: ``(n,)``, int64: rows with equal inputs share a number.
        near: ``(n,)``, int64: rows whose every input is equal or nearly so share a number.
        by_nature: Rows repeat because the columns allow only a few combinations: they are no
            copies, and must not be kept together.
    """

    exact: NDArray[np.int64]
    near: NDArray[np.int64]
    by_nature: bool

    @property
    def groups(self) -> NDArray[np.int64]:
        """``(n,)``, int64: rows that must stay on one side of every split share a number."""
        return np.arange(len(self.near), dtype=np.int64) if self.by_nature else self.near


def find_duplicates(subject: Subject) -> Duplicates:
    """Return which rows are the same in all input columns."""
    dataset = subject.dataset
    exact, near, soft = [], [], False
    combinations = 1.0
    for name in subject.inputs:
        codes = _codes(dataset.table[name])
        distinct = int(codes.max(initial=0)) + 1
        combinations *= distinct
        soft = soft or distinct > len(dataset) / 2
        exact.append(codes)
        kind = dataset.column(name).type
        if kind is ColumnType.TEXT:
            texts = pc.fill_null(dataset.table[name], "").to_pylist()
            near.append(near_text_clusters(texts))
        elif kind is ColumnType.IMAGE:
            pictures = pc.fill_null(dataset.table[name], b"").to_pylist()
            near.append(near_image_clusters(pictures))
        else:
            near.append(codes)
        soft = soft or kind in (ColumnType.TEXT, ColumnType.IMAGE)
    # A column of text, of pictures or with a value of its own for most rows tells copies.
    by_nature = not soft and combinations < _EXPECTED_REPEATS * len(dataset)
    return Duplicates(combine(exact), combine(near), by_nature)


def twins_of_test(subject: Subject, duplicates: Duplicates) -> NDArray[np.int64]:
    """Return the positions of main and valid rows that have a twin in the test: ``(m,)``, int64."""
    is_test = subject.dataset.part == "test"
    twin = np.isin(duplicates.groups, duplicates.groups[is_test]) & ~is_test
    return np.flatnonzero(twin).astype(np.int64)


def check(subject: Subject, duplicates: Duplicates) -> list[AuditFinding]:
    """Return the findings about repeated rows, within and across parts, and their labels."""
    findings = [*_within(subject, duplicates), *_across(subject, duplicates)]
    return findings + _conflicts(subject, duplicates)


def _within(subject: Subject, duplicates: Duplicates) -> list[AuditFinding]:
    findings = []
    for part in PARTS:
        positions = subject.dataset.positions(part)
        exact = len(positions) - len(np.unique(duplicates.exact[positions]))
        numbers, sizes = np.unique(duplicates.near[positions], return_counts=True)
        repeats = len(positions) - len(numbers)
        if repeats == 0:
            continue
        largest = numbers[sizes.argmax()]
        values: dict[str, Value] = {
            "part": part,
            "rows": len(positions),
            "repeats": repeats,
            "exact": exact,
            "near": repeats - exact,
            "largest": int(sizes.max()),
            "by_nature": duplicates.by_nature,
        }
        shown = some(positions[duplicates.near[positions] == largest])
        findings.append(AuditFinding("duplicates-within", "info", values, shown))
    return findings


def _across(subject: Subject, duplicates: Duplicates) -> list[AuditFinding]:
    findings = []
    for first, second in (("main", "test"), ("valid", "test"), ("main", "valid")):
        a, b = subject.dataset.positions(first), subject.dataset.positions(second)
        twins = b[np.isin(duplicates.near[b], duplicates.near[a])]
        if len(twins) == 0:
            continue
        exact = int(np.isin(duplicates.exact[b], duplicates.exact[a]).sum())
        values: dict[str, Value] = {
            "first": first,
            "second": second,
            "rows": len(twins),
            "of": len(b),
            "exact": exact,
            "near": len(twins) - exact,
            "rows_in_first": int(np.isin(duplicates.near[a], duplicates.near[b]).sum()),
            "by_nature": duplicates.by_nature,
        }
        level = "info" if duplicates.by_nature else "warning"
        findings.append(AuditFinding("duplicates-across", level, values, some(twins)))
    return findings


def _conflicts(subject: Subject, duplicates: Duplicates) -> list[AuditFinding]:
    """Rows with equal inputs and different labels: no contender can be right on all of them."""
    _, labels = np.unique(subject.target.values, return_inverse=True)
    pairs = np.unique(np.stack([duplicates.exact, labels.reshape(-1)]), axis=1)
    numbers, different = np.unique(pairs[0], return_counts=True)
    conflicting = numbers[different > 1]
    if len(conflicting) == 0:
        return []
    rows = np.flatnonzero(np.isin(duplicates.exact, conflicting))
    rows = rows[np.argsort(duplicates.exact[rows], kind="stable")]
    values: dict[str, Value] = {
        "rows": len(rows),
        "inputs": len(conflicting),
        "of": len(subject.dataset),
        "by_nature": duplicates.by_nature,
    }
    level = "info" if duplicates.by_nature else "warning"
    return [AuditFinding("conflicting-labels", level, values, some(rows))]


def _codes(column: pa.ChunkedArray) -> NDArray[np.int64]:
    """Return a code for each different value (missing is one): ``(n,)``, int64."""
    encoded = pc.dictionary_encode(column, null_encoding="encode").combine_chunks()
    indices = encoded.indices if isinstance(encoded, pa.DictionaryArray) else encoded
    return np.asarray(indices.to_numpy(zero_copy_only=False), dtype=np.int64)
