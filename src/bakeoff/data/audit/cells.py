"""Columns that say nothing, cells that are missing, rows that were set aside, too few rows."""

from __future__ import annotations

from collections import Counter

import pyarrow.compute as pc

from bakeoff.data.audit.base import AuditFinding, Subject, Value
from bakeoff.data.columns import ColumnType

FEW_ROWS = 200
_MOSTLY_MISSING = 0.5
_EXAMPLES = 3


def check(subject: Subject) -> list[AuditFinding]:
    """Return findings about columns and rows as such."""
    return [*_columns(subject), *_rows(subject)]


def _columns(subject: Subject) -> list[AuditFinding]:
    findings = []
    table = subject.dataset.table
    for column in subject.dataset.columns:
        if column.name == subject.target.column or column.type is ColumnType.ANSWER:
            continue
        cells = table[column.name]
        missing = cells.null_count
        if pc.count_distinct(cells, mode="all").as_py() < 2:
            constant = {"column": column.name, "all_missing": missing == len(cells)}
            findings.append(AuditFinding("constant-column", "warning", constant))
        elif missing and column.name in subject.inputs:
            share = missing / len(cells)
            values: dict[str, Value] = {"column": column.name, "rows": missing, "share": share}
            level = "warning" if share > _MOSTLY_MISSING else "info"
            findings.append(AuditFinding("missing-values", level, values))
    return findings


def _rows(subject: Subject) -> list[AuditFinding]:
    findings = []
    n = len(subject.dataset)
    if n < FEW_ROWS:
        findings.append(AuditFinding("few-rows", "warning", {"rows": n, "enough": FEW_ROWS}))
    for source in subject.dataset.sources:
        if source.rows_set_aside == 0:
            continue
        bad = [row for row in subject.dataset.set_aside if row.part == source.part]
        reasons = Counter(row.reason for row in bad).most_common(_EXAMPLES)
        values: dict[str, Value] = {
            "part": source.part,
            "rows": source.rows_set_aside,
            "of": source.rows_in,
            "first_line": bad[0].line,
            "first_reason": bad[0].reason,
            "reasons": "; ".join(f"{reason} ({count})" for reason, count in reasons),
        }
        findings.append(AuditFinding("rows-set-aside", "warning", values))
    return findings
