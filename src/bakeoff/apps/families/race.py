"""The families on the same rows: each trained and judged through the seam, one after the other."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from bakeoff.apps.families import rows
from bakeoff.apps.families.architectures import (
    DIGITS,
    DOCSTRINGS,
    FAMILIES,
    PIXELS,
    Architecture,
    Result,
)
from bakeoff.apps.families.build import build_of
from bakeoff.contenders.registry import make_contender
from bakeoff.core.errors import ContenderError, UserError
from bakeoff.core.extras import missing_package
from bakeoff.protocol.execute import warm_up
from bakeoff.statistics.intervals import wilson
from bakeoff.testing.context import context

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bakeoff.apps.families.architectures import Family
    from bakeoff.contenders.base import Contender, Fitted


def make_sets(texts: Sequence[str], areas: Sequence[str], *, seed: int) -> dict[str, rows.SmallSet]:
    """Return the sets under the names in `architectures`."""
    pictures, pixels = rows.picture_sets(seed=seed)
    return {
        DOCSTRINGS: rows.text_set(texts, areas, seed=seed),
        DIGITS: pictures,
        PIXELS: pixels,
    }


def run(
    sets: dict[str, rows.SmallSet],
    *,
    seed: int,
    families: Sequence[Family] = FAMILIES,
    log: Callable[[str], None],
) -> tuple[list[Architecture], dict[str, Fitted]]:
    """Train, judge and take apart each family.

    Args:
        sets: From `make_sets`.
        seed: Of every fit.
        families: Which.
        log: Takes one line of progress.

    Returns:
        A row a family, and the fitted models by family name. A family that cannot be run here has
        its reason in place of numbers.
    """
    found: list[Architecture] = []
    models: dict[str, Fitted] = {}
    for family in families:
        log(family.title)
        try:
            contender = make_contender(family.spec)
            reason = _why_not(contender)
            if not reason:
                models[family.name], result = _judged(contender, sets[family.rows], seed)
                build = build_of(models[family.name], sets[family.rows].test.inputs)
                found.append(Architecture(family, build, result))
        except (UserError, ContenderError) as error:
            reason = str(error)
        if reason:
            found.append(Architecture(family, None, None, " ".join(reason.split())))
    return found, models


def _why_not(contender: Contender) -> str:
    for extra in contender.card.extras:
        package = missing_package(extra)
        if package is not None:
            return f"{package} is not installed: pip install 'bakeoff[{extra}]'"
    return ""


def _judged(contender: Contender, rows_of: rows.SmallSet, seed: int) -> tuple[Fitted, Result]:
    """Return the fitted model and how it did; imports are not counted in its time."""
    warm_up(contender)
    about = context(seed=seed)
    started = time.process_time()
    fitted = contender.fit(rows_of.train, rows_of.valid, about)
    trained = time.process_time()
    predictions = fitted.predict(rows_of.test.inputs, about)
    ended = time.process_time()
    accuracy = about.score(predictions, rows_of.test)
    low, high = wilson(accuracy, len(rows_of.test))
    return fitted, Result(accuracy, low, high, trained - started, ended - trained)
