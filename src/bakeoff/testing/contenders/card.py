"""Checks of the card, the spec string and refusals: what a contender says about itself."""

from __future__ import annotations

import re
from dataclasses import FrozenInstanceError, fields, replace
from typing import TYPE_CHECKING

from bakeoff.contenders.registry import make_contender
from bakeoff.core.errors import UsageError, UserError
from bakeoff.data.columns import Column, ColumnType
from bakeoff.tasks.kind import KINDS
from bakeoff.testing.check import expect
from bakeoff.testing.contenders.bench import contender_check

if TYPE_CHECKING:
    from bakeoff.contenders.base import Contender
    from bakeoff.testing.contenders.bench import Bench

ABILITIES = frozenset(
    {"probabilities", "confidence", "update", "fit_many", "torch", "onnx", "score"}
    | {"soft_targets", "samples", "stepwise"}
)
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*$", re.IGNORECASE)


@contender_check
def the_card_is_complete(bench: Bench) -> None:
    """Every field of the card can be shown to a user."""
    card = bench.contender.card
    expect(_NAME.match(card.name), f"'{card.name}' cannot stand in a spec string")
    expect(card.family, "the card names no family")
    expect(card.summary.strip() and "\n" not in card.summary, "the summary is not one line")
    expect(len(card.summary) <= 100, f"the summary has {len(card.summary)} letters, 100 at most")
    expect(card.kinds, "the card lists no kind of task")
    unknown = card.kinds - set(KINDS.names())
    expect(not unknown, f"unknown kinds of task: {sorted(unknown)}")
    strange = card.abilities - ABILITIES
    expect(not strange, f"unknown abilities: {sorted(strange)}")
    expect(card.needs <= card.reads, f"it needs {card.needs - card.reads}, and does not read it")
    expect(card.licence, "the card names no licence")
    expect(card.rank >= 0, f"rank {card.rank} is below 0")


@contender_check
def its_name_makes_it_again(bench: Bench) -> None:
    """The spec string is all that a plan, a worker and a saved model keep of a contender."""
    contender = bench.contender
    try:
        again = make_contender(contender.name)
    except UserError as error:
        expect(False, f"make_contender('{contender.name}') fails: {error}")
        return
    expect(again == contender, f"make_contender('{contender.name}') makes another: {again}")
    expect(again.name == contender.name, f"its name becomes '{again.name}'")


@contender_check
def its_settings_are_frozen(bench: Bench) -> None:
    """A contender is a recipe: it can be a key, and nothing is learned into it."""
    contender = bench.contender
    try:
        hash(contender)
    except TypeError as error:
        expect(False, f"it cannot be hashed: {error}")
    for item in fields(contender):
        try:
            setattr(contender, item.name, getattr(contender, item.name))
        except FrozenInstanceError:
            continue
        expect(False, f"its setting '{item.name}' can be changed; make it a frozen dataclass")


@contender_check
def an_unknown_setting_is_refused(bench: Bench) -> None:
    """A slip of the pen never becomes a setting that is silently ignored."""
    contender = bench.contender
    try:
        type(contender).from_spec(contender.argument(), {"no_such_setting": "1"}, make_contender)
    except UsageError:
        return
    expect(False, "the setting 'no_such_setting=1' is taken without a word")


@contender_check
def another_kind_of_task_is_refused(bench: Bench) -> None:
    """The plan stops with a reason, not the fit with a traceback."""
    task = replace(bench.specimens[0].task, kind="no-such-kind")
    _expect_reason(bench.contender, bench.contender.refuses(task), "a kind of task it cannot do")


@contender_check
def inputs_that_it_cannot_read_are_refused(bench: Bench) -> None:
    """A contender that needs text says so when there is none."""
    needs = [leaf.card.needs for leaf in bench.leaves() if leaf.card.needs]
    if not needs:
        return
    other = next(kind for kind in ColumnType if not any(kind in need for need in needs))
    task = replace(bench.specimens[0].task, inputs=(Column("other", other),))
    _expect_reason(bench.contender, bench.contender.refuses(task), f"only a {other} column")


@contender_check
def columns_and_parts_are_named_alike(bench: Bench) -> None:
    """What a combination asks to see is what its parts ask to see."""
    asked = {name for leaf in bench.leaves() for name in leaf.columns()}
    got = set(bench.contender.columns())
    expect(got == asked, f"it asks for the columns {sorted(got)}, its parts for {sorted(asked)}")


def _expect_reason(contender: Contender, reason: str | None, given: str) -> None:
    expect(isinstance(reason, str) and reason.strip(), f"{contender.name} accepts {given}")
