"""``bakeoff plan``: what would run, how long, at what price; nothing is trained."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from bakeoff.cli.options import shared_options

if TYPE_CHECKING:
    from bakeoff.results.records import Plan


@click.command("plan")
@click.argument("source")
@shared_options
@click.option("--json", "as_json", is_flag=True, help="Print the plan as JSON.")
def command(source: str, *, as_json: bool, **options: Any) -> None:
    """Show what would run on SOURCE: contenders, rows, time, memory, money, power.

    Nothing is trained and no network is used.
    """
    from bakeoff.plan.make import make_plan
    from bakeoff.plan.options import make_options
    from bakeoff.report.audit import audit_lines
    from bakeoff.results.codec import to_json

    valid, test, config = (options.pop(name) for name in ("valid", "test", "config"))
    planned = make_plan(source, make_options(options, config), valid=valid, test=test)
    if as_json:
        click.echo(to_json(planned.plan))
        return
    for line in [*first_lines(planned.plan), *details(planned.plan), *audit_lines(planned.plan)]:
        click.echo(line)


def first_lines(plan: Plan) -> list[str]:
    """Return what a run says before it starts: the task, the time, the smallest difference."""
    lines = [f"{plan.name}: predict '{plan.task.target}' ({plan.task.kind}) from {_inputs(plan)}"]
    seconds = expected_s(plan)
    competing = [c for c in plan.contenders if not c.dropped]
    splits = plan.splits
    seeds = f", {len(splits.seeds)} seeds" if len(splits.seeds) > 1 else ""
    lines.append(
        f"{len(competing)} contenders, {splits.folds} folds{seeds}, {splits.train_rows:,} training "
        f"rows, {splits.lockbox_rows:,} in the lockbox ({splits.lockbox_origin}); about "
        f"{_spoken(seconds)} (limit {_spoken(plan.time_limit_s)})"
    )
    decides = (
        "out-of-fold predictions decide" if splits.evidence == "oof" else "the lockbox decides"
    )
    lines.append(f"{decides}; all are compared with {plan.reference}: {plan.reference_reason}")
    if plan.detectable is not None:
        points = plan.detectable * 100
        lines.append(
            f"this test can show differences of about {points:.1f} points and more "
            "(if two models differ on 10 of 100 rows)"
        )
    lines += list(plan.notes)
    return lines


def details(plan: Plan) -> list[str]:
    """Return the columns, the contenders with their times, and the prices."""
    lines = ["", "columns"]
    lines += [f"  {c.name:<24} {c.type:<9} {c.role:<7} {c.reason}" for c in plan.data.columns]
    for source in plan.data.sources:
        aside = f", {source.rows_set_aside:,} set aside" if source.rows_set_aside else ""
        notes = f" ({'; '.join(source.notes)})" if source.notes else ""
        lines.append(f"  {source.part}: {source.location}: {source.rows_kept:,} rows{aside}{notes}")
    lines += [f"    {part} line {line}: {why}" for part, line, why in plan.data.set_aside[:5]]
    lines += [f"  fingerprint {plan.data.fingerprint[:16]}", "", "contenders"]
    for contender in plan.contenders:
        time = "" if not contender.estimate_s else f"about {_spoken(contender.estimate_s)} of CPU"
        state = f"left out: {contender.dropped}" if contender.dropped else time
        unread = f"; does not read {', '.join(contender.unread)}" if contender.unread else ""
        lines.append(f"  {contender.name:<44} {state}{unread if not contender.baseline else ''}")
    prices = plan.prices
    lines += ["", "prices (* assumed, yours by --prices)"]
    for name in ("machine_per_cpu_hour", "hosting_per_month", "volume_per_month"):
        mark = " *" if name in prices.assumed else ""
        lines.append(f"  {name:<24} {getattr(prices, name):,g}{mark}")
    lines += [f"  {name:<24} ${value:g} a row" for name, value in prices.per_row.items()]
    unknown = [
        c.name for c in plan.contenders if c.family == "answers" and c.name not in prices.per_row
    ]
    lines += [f"  {name:<24} unknown (--answers-price)" for name in unknown]
    lines.append("  no call is paid for by this run: answers are read, models are trained here")
    lines.append(f"  memory: about {_memory(plan):.1f} GiB in all")
    return lines


def expected_s(plan: Plan) -> float:
    """Return the wall seconds that a plan is expected to take."""
    from bakeoff.plan.budget import OVERHEAD_S, usable_cores

    total = sum(c.estimate_s or 0.0 for c in plan.contenders if not c.dropped)
    return OVERHEAD_S + total / usable_cores()


def _memory(plan: Plan) -> float:
    """Return a rough sum of what driver and workers need, in GiB."""
    from bakeoff.plan.budget import usable_cores

    rows = plan.splits.train_rows + plan.splits.lockbox_rows
    return 0.3 + usable_cores() * (0.25 + rows * 6e-6)


def _inputs(plan: Plan) -> str:
    names = plan.task.inputs
    shown = ", ".join(f"'{name}'" for name in names[:4])
    return shown + (f" and {len(names) - 4} more columns" if len(names) > 4 else "")


def _spoken(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
