"""Groups that stand on both sides of an official split, or have no name."""

from __future__ import annotations

import numpy as np

from bakeoff.data.audit.base import AuditFinding, Subject, Value, some


def check(subject: Subject) -> list[AuditFinding]:
    """Return the groups that main or valid rows share with the official test or with valid."""
    if subject.group is None:
        return []
    dataset = subject.dataset
    cells = dataset.table[subject.group]
    groups = np.array([str(cell) for cell in cells.to_pylist()], dtype=object)
    findings = []
    for first, second in (("main", "test"), ("valid", "test"), ("main", "valid")):
        a, b = dataset.positions(first), dataset.positions(second)
        shared = set(groups[a]) & set(groups[b])
        if not shared:
            continue
        rows = b[[group in shared for group in groups[b]]]
        values: dict[str, Value] = {
            "column": subject.group,
            "first": first,
            "second": second,
            "groups": len(shared),
            "rows": len(rows),
            "of": len(b),
        }
        findings.append(AuditFinding("groups-across-splits", "warning", values, some(rows)))
    if cells.null_count:
        unnamed = {"column": subject.group, "rows": cells.null_count}
        findings.append(AuditFinding("group-missing", "warning", unnamed))
    return findings
