"""The audit before training: one file per check; the report writes the sentences.

Codes, their level and their values (``part``, ``first``, ``second`` are ``main``, ``valid`` or
``test``; ``rows`` counts rows):

``duplicates-within`` (info)
    ``part, rows`` (of the part), ``repeats`` (rows that repeat an earlier one), of which ``exact``
    and ``near``; ``largest`` (rows in the largest set of duplicates); ``by_nature`` (the columns
    allow few combinations: rows repeat without being copies, and are not kept together)
``duplicates-across`` (warning; info if by nature)
    ``first, second, rows`` (of ``second`` that also stand in ``first``) ``of`` (rows of
    ``second``), of which ``exact`` and ``near``; ``rows_in_first``, ``by_nature``
``conflicting-labels`` (warning; info if by nature)
    ``rows`` that share their inputs with a row of another label, ``inputs`` (different ones),
    ``of, by_nature``
``target-leak`` (warning)
    ``column``, ``how``: ``copy`` (equal to the label), ``mapping`` (each value has one label),
    ``auc`` (the column alone tells the classes apart), ``correlation``; ``value`` (share, AUC or
    absolute correlation)
``id-like-input`` (warning)
    ``column``: an input with another value in every row that only names the row
``class-counts`` (info; warning from 20 to 1 on)
    ``classes, rows, largest, largest_rows, smallest, smallest_rows, ratio, all``; test not counted
``rare-class`` (warning)
    ``classes`` (how many have a single row), ``names``
``label-only-in-test`` (warning)
    ``classes, names, rows``: these rows count as wrong for every contender that learns
``groups-across-splits`` (warning)
    ``column, first, second, groups, rows, of``
``group-missing`` (warning)
    ``column, rows``: rows without a group; they form one group
``constant-column`` (warning)
    ``column, all_missing``
``missing-values`` (info; warning from one half on)
    ``column, rows, share``; inputs only
``few-rows`` (warning)
    ``rows, enough``
``rows-set-aside`` (warning)
    ``part, rows, of, first_line, first_reason, reasons``
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bakeoff.data.audit import cells, classes, duplicates, groups, leaks
from bakeoff.data.audit.base import AuditFinding, AuditReport, Subject

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bakeoff.data.dataset import Dataset
    from bakeoff.data.target import Target

__all__ = ["AuditFinding", "AuditReport", "audit"]


def audit(
    dataset: Dataset, target: Target, inputs: Sequence[str], *, group: str | None = None
) -> AuditReport:
    """Look at the data before anything is trained.

    Args:
        dataset: ``n`` rows with labels, as `bakeoff.data.target.read_target` returns them.
        target: What is predicted, from the same call.
        inputs: Names of the input columns.
        group: Column whose equal values stay together, or None.

    Returns:
        The findings, and which rows must stay together.
    """
    subject = Subject(dataset, target, tuple(inputs), group)
    same = duplicates.find_duplicates(subject)
    findings = [
        *cells.check(subject),
        *classes.check(subject),
        *duplicates.check(subject, same),
        # A text that is its own answer gives itself away, as it should.
        *(() if target.column in subject.inputs else leaks.check(subject)),
        *groups.check(subject),
    ]
    twins = duplicates.twins_of_test(subject, same)
    return AuditReport(tuple(findings), same.groups, twins)
