"""How to repeat the run: command, versions, hashes, machine, date, and what was fixed before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bakeoff.report import numbers
from bakeoff.report.figures.view import Table

if TYPE_CHECKING:
    from bakeoff.report.case import Case


@dataclass(frozen=True, slots=True)
class Fact:
    """A term and what stands behind it; ``code`` is set in fixed-width type."""

    term: str
    text: str
    code: bool = False


def facts(case: Case) -> list[Fact]:
    """Return what someone else needs to get the same page."""
    plan, analysis, words = case.plan, case.analysis, case.words
    versions = ", ".join(f"{name} {value}" for name, value in sorted(analysis.environment.items()))
    spent = words(
        "repeat.spent-text",
        wall=numbers.duration(analysis.wall_s),
        cpu=numbers.duration(analysis.spent_cpu_s),
    )
    listed = [
        Fact(words("repeat.command"), plan.command, code=True),
        Fact(words("repeat.date"), analysis.date),
        Fact(words("repeat.machine"), analysis.machine),
        Fact(words("repeat.environment"), versions),
        Fact(words("repeat.spent"), spent if analysis.wall_s else ""),
        Fact(words("repeat.rules"), _rules(case)),
        Fact(words("repeat.rule"), _split(case)),
        Fact(words("repeat.prices"), _prices(case)),
        Fact(words("repeat.notes"), "; ".join(plan.notes)),
        Fact(words("repeat.plan"), plan.sha256, code=True),
        Fact(words("repeat.data"), plan.data.fingerprint, code=True),
        Fact(words("repeat.splits"), plan.splits.sha256, code=True),
        Fact(words("repeat.files"), "; ".join(_files(case))),
    ]
    return [fact for fact in listed if fact.text]


def _rules(case: Case) -> str:
    plan, words = case.plan, case.words
    rope = words("repeat.no-rope")
    if plan.rope is not None:
        rope = words("repeat.rope", rope=case.amount(plan.rope))
    return words(
        "repeat.rules-text",
        metric=case.metric(case.primary),
        reference=case.label(plan.reference),
        reason=plan.reference_reason,
        rope=rope,
        alpha=f"{plan.alpha:g}",
        seed=str(plan.seed),
        preset=plan.preset,
    )


def _split(case: Case) -> str:
    splits, words = case.plan.splits, case.words
    origin = f"repeat.origin-{splits.lockbox_origin}"
    return words(
        "repeat.split",
        rule=splits.rule,
        folds=splits.folds,
        repeats=splits.repeats,
        train=splits.train_rows,
        lockbox=splits.lockbox_rows,
        origin=words(origin) if origin in words else splits.lockbox_origin,
    )


def _prices(case: Case) -> str:
    prices, words = case.plan.prices, case.words
    said = [
        words(
            "repeat.prices-text",
            cpu=numbers.money(prices.machine_per_cpu_hour),
            hosting=numbers.money(prices.hosting_per_month),
            volume=numbers.count(prices.volume_per_month),
        )
    ]
    said += [
        words("repeat.price-row", source=source, price=numbers.money(1000 * price))
        for source, price in sorted(prices.per_row.items())
    ]
    if prices.assumed:
        names = [
            words(f"price.{name}") if f"price.{name}" in words else name for name in prices.assumed
        ]
        said.append(words("repeat.assumed", names=words.listing(names)))
    return "; ".join(said)


def _files(case: Case) -> list[str]:
    return [
        f"{source.part}: {source.location} ("
        + case.words("repeat.rows", kept=source.rows_kept, read=source.rows_in)
        + f", SHA-256 {source.sha256[:12]}\N{HORIZONTAL ELLIPSIS})"
        for source in case.plan.data.sources
    ]


def columns(case: Case) -> Table:
    """Return the columns of the data with their types and roles, and why."""
    head = ("column.name", "column.type", "column.role", "column.reason")
    return Table(
        head=tuple(case.words(key) for key in head),
        rows=tuple(
            (column.name, column.type, column.role, column.reason)
            for column in case.plan.data.columns
        ),
    )


def settings(case: Case) -> Table:
    """Return the contenders with their settings."""
    return Table(
        head=(case.words("board.contender"), case.words("column.settings")),
        rows=tuple(
            (
                one.name,
                ", ".join(f"{name} = {value}" for name, value in one.settings.items())
                or case.words("page.none"),
            )
            for one in case.plan.contenders
        ),
    )


def set_aside(case: Case) -> Table | None:
    """Return the rows that were set aside, with line and reason, or None if there are none."""
    if not case.plan.data.set_aside:
        return None
    head = ("column.part", "column.line", "column.reason")
    return Table(
        head=tuple(case.words(key) for key in head),
        rows=tuple(
            (part, numbers.count(line), reason) for part, line, reason in case.plan.data.set_aside
        ),
    )
