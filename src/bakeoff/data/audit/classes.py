"""How many rows each class has, and classes that cannot be learnt."""

from __future__ import annotations

import numpy as np

from bakeoff.data.audit.base import AuditFinding, Subject, Value, names, some

IMBALANCE = 20
"""The largest class has so many times the rows of the smallest: said as a warning."""


def check(subject: Subject) -> list[AuditFinding]:
    """Return the class counts, and the classes with one row or with test rows only."""
    target, dataset = subject.target, subject.dataset
    if not target.classes:
        return []
    learn = dataset.part != "test"
    k = len(target.classes)
    counts = np.bincount(target.values[learn], minlength=k)
    present = np.flatnonzero(counts)
    largest, smallest = present[counts[present].argmax()], present[counts[present].argmin()]
    ratio = float(counts[largest] / counts[smallest])
    values: dict[str, Value] = {
        "classes": k,
        "rows": int(learn.sum()),
        "largest": target.classes[largest],
        "largest_rows": int(counts[largest]),
        "smallest": target.classes[smallest],
        "smallest_rows": int(counts[smallest]),
        "ratio": ratio,
        "all": names((f"{target.classes[c]} {counts[c]}" for c in range(k)), most=100),
    }
    findings = [AuditFinding("class-counts", "warning" if ratio >= IMBALANCE else "info", values)]
    return findings + _rare(subject, counts) + _only_in_test(subject, counts)


def _rare(subject: Subject, counts: np.ndarray) -> list[AuditFinding]:
    rare = np.flatnonzero(counts == 1)
    if len(rare) == 0:
        return []
    rows = np.flatnonzero(np.isin(subject.target.values, rare) & (subject.dataset.part != "test"))
    shown = names(subject.target.classes[code] for code in rare)
    values: dict[str, Value] = {"classes": len(rare), "names": shown}
    return [AuditFinding("rare-class", "warning", values, some(rows))]


def _only_in_test(subject: Subject, counts: np.ndarray) -> list[AuditFinding]:
    unseen = np.flatnonzero(counts == 0)
    rows = np.flatnonzero(np.isin(subject.target.values, unseen))
    if len(rows) == 0:
        return []
    shown = names(subject.target.classes[code] for code in unseen)
    values: dict[str, Value] = {"classes": len(unseen), "names": shown, "rows": len(rows)}
    return [AuditFinding("label-only-in-test", "warning", values, some(rows))]
