"""Single columns that give the target away, and inputs that only name the row."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc

from bakeoff.data.audit.base import AuditFinding, Subject, Value
from bakeoff.data.columns import ColumnType

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_AUC = 0.995
_MOST_CORRELATION = 0.9995
_FEWEST_ROWS = 20
_FEWEST_OF_A_CLASS = 5
_SINGLE_WORD_CHARACTERS = 64


def check(subject: Subject) -> list[AuditFinding]:
    """Return a finding for each input that gives the target away or only names the row."""
    findings = []
    for name in subject.inputs:
        how, value = _leak(subject, name)
        if how:
            values: dict[str, Value] = {"column": name, "how": how, "value": value}
            findings.append(AuditFinding("target-leak", "warning", values))
        if _is_id_like(subject, name):
            findings.append(AuditFinding("id-like-input", "warning", {"column": name}))
    return findings


def _leak(subject: Subject, name: str) -> tuple[str, float]:
    """Return how a column gives the target away, and how strongly; ``("", 0)`` if it does not."""
    column = subject.dataset.table[name]
    kind = subject.dataset.column(name).type
    if kind is ColumnType.IMAGE:
        return "", 0.0
    present = np.asarray(pc.is_valid(column).to_numpy(), dtype=np.bool_)
    targets = subject.target.values[present]
    if len(targets) < _FEWEST_ROWS or len(np.unique(targets)) < 2:
        return "", 0.0
    if kind in (ColumnType.TEXT, ColumnType.CATEGORY):
        values = np.array(column.drop_null().to_pylist(), dtype=object)
        return _leak_of_strings(subject, values, targets)
    numbers = subject.dataset.inputs([name], np.flatnonzero(present)).numbers(name)
    return _leak_of_numbers(subject, numbers, targets)


def _leak_of_strings(
    subject: Subject, values: NDArray[np.object_], targets: NDArray[np.generic]
) -> tuple[str, float]:
    classes = subject.target.classes
    if classes:
        named = np.array([classes[code] for code in targets], dtype=object)
        same = np.array(
            [
                v.strip().casefold() == t.strip().casefold()
                for v, t in zip(values, named, strict=True)
            ]
        )
        if same.mean() >= MOST_AUC:
            return "copy", float(same.mean())
    _, codes = np.unique(values.astype(str), return_inverse=True)
    return _mapping(codes.reshape(-1), targets)


def _leak_of_numbers(
    subject: Subject, numbers: NDArray[np.float64], targets: NDArray[np.generic]
) -> tuple[str, float]:
    if np.ptp(numbers) == 0:
        return "", 0.0
    _, codes = np.unique(numbers, return_inverse=True)
    how, value = _mapping(codes.reshape(-1), targets)
    if how:
        return how, value
    if not subject.target.classes:
        # Divided by the largest value first: squares of 1e200 would overflow.
        scaled = [x / (np.abs(x).max() or 1.0) for x in (numbers, targets.astype(np.float64))]
        correlation = abs(float(np.corrcoef(scaled)[0, 1]))
        return ("correlation", correlation) if correlation >= _MOST_CORRELATION else ("", 0.0)
    auc = _separation(numbers, targets.astype(np.int64))
    return ("auc", auc) if auc > MOST_AUC else ("", 0.0)


def _mapping(codes: NDArray[np.int64], targets: NDArray[np.generic]) -> tuple[str, float]:
    """Tell whether each value of the column stands with one target only, and each often enough.

    Returns:
        ``("mapping", 1.0)`` if so, else ``("", 0.0)``.
    """
    _, labels = np.unique(targets, return_inverse=True)
    distinct = int(codes.max()) + 1
    if distinct < 2 or distinct > len(codes) / 2:
        return "", 0.0
    pairs = np.unique(codes * (int(labels.max()) + 1) + labels.reshape(-1))
    return ("mapping", 1.0) if len(pairs) == distinct else ("", 0.0)


def _separation(numbers: NDArray[np.float64], codes: NDArray[np.int64]) -> float:
    """Return how well one number tells the classes apart: the smallest AUC of neighbours.

    Classes are put in the order of their means. With two classes it is the usual AUC; with more,
    a column that tells only some of them apart is no leak.
    """
    kept = [c for c in np.unique(codes) if (codes == c).sum() >= _FEWEST_OF_A_CLASS]
    if len(kept) < 2:
        return 0.0
    groups = sorted((np.sort(numbers[codes == c]) for c in kept), key=lambda group: group.mean())
    return min(_auc(low, high) for low, high in itertools.pairwise(groups))


def _auc(low: NDArray[np.float64], high: NDArray[np.float64]) -> float:
    """Return the share of pairs in the right order, ties half; both arrays are sorted."""
    below = np.searchsorted(low, high, side="left") + np.searchsorted(low, high, side="right")
    return float(below.sum() / (2 * len(low) * len(high)))


def _is_id_like(subject: Subject, name: str) -> bool:
    """Return whether an input has another value in every row without saying anything."""
    column = subject.dataset.table[name].drop_null()
    if len(column) < _FEWEST_ROWS:
        return False
    kind = subject.dataset.column(name).type
    if kind is ColumnType.NUMBER:
        steps = np.diff(column.to_numpy())
        return bool(np.all(steps == 1) or np.all(steps == -1))
    if kind not in (ColumnType.TEXT, ColumnType.CATEGORY):
        return False
    if pc.count_distinct(column).as_py() < len(column):
        return False
    values = column.to_pylist()
    return all(
        value.isascii()
        and not any(letter.isspace() for letter in value)
        and len(value) <= _SINGLE_WORD_CHARACTERS
        and any(letter.isdigit() for letter in value)
        for value in values
    )
