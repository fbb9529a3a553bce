"""Which rows a contender that is paid for by the call is asked on, and in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bakeoff.core.seeds import generator
from bakeoff.protocol.splits import LOCKBOX, TRAIN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bakeoff.protocol.splits import Splits

PROMPT_ROWS = 200
"""A contender that does not learn may look at this many training rows to choose its prompt."""

PROMPT_SHARE = 0.2
"""No more than this share of the training rows, where they judge too."""

ASKED_ROWS = 500
"""So many rows are asked, unless the user wants all (``--ask-all``)."""


def prompt_rows(splits: Splits, evidence: str) -> NDArray[np.int64]:
    """Return the training rows that a contender which does not learn may look at: ``(m,)``, int64.

    The order of a user's file may mean something, but these are spent for judging, so they are
    fixed and the same for all. They are rows of as few units (groups, or rows that are alike) as
    may be: no row of the same units is asked.
    """
    rows = splits.rows(TRAIN)
    most = int(PROMPT_SHARE * len(rows)) if evidence == "oof" else PROMPT_ROWS
    _, first, unit = np.unique(splits.unit[rows], return_index=True, return_inverse=True)
    by_unit = rows[np.argsort(first[unit], kind="stable")]
    return np.sort(by_unit[: min(PROMPT_ROWS, max(most, 1))])


def unseen_rows(splits: Splits, seen: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the training rows of units of which no row was seen: ``(m,)``, int64."""
    rows = splits.rows(TRAIN)
    return np.asarray(rows[~np.isin(splits.unit[rows], splits.unit[seen])], dtype=np.int64)


def asked_rows(
    splits: Splits,
    *,
    evidence: str,
    limit: int | None,
    seed: int,
    answered: NDArray[np.bool_] | None = None,
) -> NDArray[np.int64]:
    """Return the rows to ask, in the order of asking.

    They are lockbox rows and, where out-of-fold predictions decide, training rows too, without
    those that may have chosen the prompt. Where others' answers are known for some rows, those
    come first: contenders are compared on rows that all answered. Else the order is random, the
    same for all contenders of the run, so that any beginning of it is a fair sample.

    Args:
        splits: Every row's place.
        evidence: ``"oof"`` or ``"lockbox"``: what decides.
        limit: At most so many; None: all.
        seed: The run's.
        answered: ``(n,)``, bool: rows that have an answer made elsewhere.

    Returns:
        ``(m,)``, int64.
    """
    rows = splits.rows(LOCKBOX)
    if evidence == "oof":
        rows = np.concatenate([unseen_rows(splits, prompt_rows(splits, evidence)), rows])
    rows = generator(seed, "asked").permutation(rows)
    if answered is not None:
        rows = rows[np.argsort(~answered[rows], kind="stable")]
    return np.asarray(rows[:limit], dtype=np.int64)
