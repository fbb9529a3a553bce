"""``bakeoff plan``: what would run, how long, at what price; nothing is trained."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from bakeoff.cli.options import Sectioned, shared_options
from bakeoff.cli.spoken import WIDTH, labelled, say, spoken_s, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bakeoff.results.records import CallsRecord, ContenderRecord, Plan

SHOWN_ASIDE = 5
SHOWN_COLUMNS = 30
TEXTS = "language-modelling"


@click.command("plan", cls=Sectioned)
@click.argument("source")
@shared_options
@click.option("--show-prompts", is_flag=True, help="Show what prompted models would be asked.")
@click.option("--json", "as_json", is_flag=True, help="Print the plan as JSON.")
def command(source: str, *, show_prompts: bool, as_json: bool, **options: Any) -> None:
    """Show what would run on SOURCE: rows, time, memory, money, power, contenders.

    Nothing is trained, asked or written. No network is used, except to fetch
    an encoder named by its hub name that is not in the cache yet.

    \b
    bakeoff plan reviews.csv --target label
    bakeoff plan reviews.csv --target label --preset thorough --time 1h
    """  # noqa: D301 - click's mark for "do not wrap"
    from bakeoff.plan.make import make_plan
    from bakeoff.plan.options import make_options
    from bakeoff.report.audit import audit_lines
    from bakeoff.results.codec import to_json

    valid, test, config = (options.pop(name) for name in ("valid", "test", "config"))
    planned = make_plan(source, make_options(options, config), valid=valid, test=test)
    if as_json:
        click.echo(to_json(planned.plan))
        return
    say(whole_plan(planned.plan))
    say([line for found in audit_lines(planned.plan) for line in wrap(found)])
    if show_prompts:
        say(list(_prompts(planned.plan)))


def first_lines(plan: Plan) -> list[str]:
    """Return what a run says before it starts: the question, the time, what can be shown."""
    lines = [_headline(plan), *_rows(plan), *_evidence(plan), *_changes(plan)]
    return [piece for line in lines for piece in wrap(line)]


def whole_plan(plan: Plan) -> list[str]:
    """Return the plan as `bakeoff plan` shows it; what was seen in the data comes after it."""
    return [
        *wrap(_headline(plan)),
        "",
        *labelled("rows", [*_sources(plan), *_rows(plan)]),
        *labelled("decides", _evidence(plan)),
        *labelled("memory", [_memory(plan)]),
        *labelled("money", _money(plan)),
        *labelled("changed", _changes(plan)),
        "",
        *_columns(plan),
        "",
        *_contenders(plan),
        "",
    ]


def _headline(plan: Plan) -> str:
    count = len({c.variant_of or c.name for c in plan.contenders if not c.dropped})
    limit_s = spoken_s(plan.time_limit_s)
    if plan.task.kind == TEXTS:
        return (
            f"{plan.name}: {count} language models read '{plan.task.target}': about "
            f"{spoken_s(plan.expected_s)} (limit {limit_s})"
        )
    what = f"{len(plan.task.classes)} classes" if plan.task.classes else "a number"
    return (
        f"{plan.name}: {count} contenders predict '{plan.task.target}' ({what}) from "
        f"{_inputs(plan)}: about {spoken_s(plan.expected_s)} (limit {limit_s})"
    )


def _inputs(plan: Plan) -> str:
    names = plan.task.inputs
    shown = ", ".join(f"'{name}'" for name in names[:4])
    return shown + (f" and {len(names) - 4} more columns" if len(names) > 4 else "")


def _sources(plan: Plan) -> Iterator[str]:
    """Yield each file: rows in = rows kept + rows set aside, and why they were."""
    for source in plan.data.sources:
        notes = f" ({', '.join(source.notes)})" if source.notes else ""
        part = "" if source.part == "main" else f"{source.part} part: "
        yield (
            f"{part}{source.rows_in:,} in = {source.rows_kept:,} kept + "
            f"{source.rows_set_aside:,} set aside: {source.location}{notes}"
        )
        aside = [(line, why) for at, line, why in plan.data.set_aside if at == source.part]
        yield from (f"  line {line}: {why}" for line, why in aside[:SHOWN_ASIDE])
        if source.rows_set_aside > SHOWN_ASIDE:
            yield f"  and {source.rows_set_aside - SHOWN_ASIDE:,} more"


def _rows(plan: Plan) -> Iterator[str]:
    splits = plan.splits
    origin = "the official test" if splits.lockbox_origin == "official" else "held out"
    seeds = f", {len(splits.seeds)} seeds" if len(splits.seeds) > 1 else ""
    repeats = f" {splits.repeats} times" if splits.repeats > 1 else ""
    together = f", '{plan.task.group}' kept together" if plan.task.group else ""
    lockbox = f"{splits.lockbox_rows:,} in the lockbox ({origin}{together})"
    if not splits.lockbox_rows:
        lockbox = "too few for a lockbox"
    folds = f"in {splits.folds} folds{repeats}" if splits.folds > 1 else "at once"
    rows = "texts to learn from" if plan.task.kind == TEXTS else "rows to train on"
    yield f"{splits.train_rows:,} {rows} {folds}{seeds}; {lockbox}"
    if splits.dropped_twins:
        yield (
            f"{splits.dropped_twins:,} training rows stand in the test file too: they are dropped "
            "from training, the test is left as it is"
        )


def _evidence(plan: Plan) -> Iterator[str]:
    if plan.splits.evidence == "oof":
        confirms = ", the lockbox confirms" if plan.splits.lockbox_rows else ""
        yield f"out-of-fold predictions decide{confirms}"
    else:
        yield "the lockbox decides"
    yield f"all are compared with {plan.reference}: {plan.reference_reason}"
    if plan.detectable is not None:
        yield _power(plan, plan.detectable)


def _power(plan: Plan, detectable: float) -> str:
    from bakeoff.plan.make import ASSUMED_DISCORDANCE

    differ = f"differ on {ASSUMED_DISCORDANCE * 100:g} of 100 rows"
    if detectable > ASSUMED_DISCORDANCE:
        return f"too few rows to tell models apart that {differ}; larger differences can show"
    rope = "" if plan.rope is None else f"; less than {plan.rope * 100:g} does not matter"
    return (
        f"differences of {detectable * 100:.1f} points and more can show, if models {differ}{rope}"
    )


def _memory(plan: Plan) -> str:
    workers = f"{plan.workers} workers" if plan.workers > 1 else "1 worker"
    return f"about {plan.expected_bytes / 2**30:.1f} GiB in all, in {workers} (--workers)"


def _money(plan: Plan) -> Iterator[str]:
    prices = plan.prices
    paid = [contender.name for contender in plan.contenders if contender.metered]
    if paid or any(contender.calls is not None for contender in plan.contenders):
        yield from _calls(plan, paid)
    else:
        yield "this run pays for nothing: answers are read, models are trained here"
    told = {
        "machine_per_cpu_hour": f"${prices.machine_per_cpu_hour:g} a CPU-hour (--machine-price)",
        "hosting_per_month": f"${prices.hosting_per_month:g} a month of hosting (--hosting-price)",
        "volume_per_month": f"{prices.volume_per_month:,.0f} predictions a month (--volume)",
    }
    for word, names in (
        ("given", [name for name in told if name not in prices.assumed]),
        ("assumed", [name for name in told if name in prices.assumed]),
    ):
        if names:
            yield f"{word}: {', '.join(told[name] for name in names)}"
    for contender in plan.contenders:
        if contender.family == "answers":
            price = prices.per_row.get(contender.name)
            cost = "unknown (--answers-price)" if price is None else f"${price * 1000:g} for 1,000"
            yield f"{contender.name}: {cost}"


def _calls(plan: Plan, paid: list[str]) -> Iterator[str]:
    """Yield whom this run pays, for how many rows, and at which limits."""
    rows = "all rows that judge" if plan.ask_rows is None else f"at most {plan.ask_rows} rows"
    hint = "" if plan.ask_rows is None else ", until it is decided (--ask-all: on all)"
    if paid:
        yield f"this run asks {', '.join(paid)} on {rows}{hint}"
    for record in plan.contenders:
        if record.calls is not None and not record.dropped:
            if not record.metered:
                yield f"every fit of {record.name} asks; what is stored is not paid again"
            yield from _asks(record, record.calls)
    limits = [] if plan.max_cost is None else [f"${plan.max_cost:g} (--max-cost)"]
    limits += [] if plan.max_calls is None else [f"{plan.max_calls:,} calls (--max-calls)"]
    if limits:
        yield f"no more than {', '.join(limits)}"
    for source, (prompt, completion) in plan.prices.per_million.items():
        yield f"{source}: ${prompt:g} and ${completion:g} a million tokens, prompt and answer"


def _without_learning(record: ContenderRecord) -> str:
    if record.metered:
        return "asked, and paid for by the call"
    return "needs no labels" if record.hosted else "answered already"


def _asks(record: ContenderRecord, calls: CallsRecord) -> Iterator[str]:
    """Yield calls, tokens and dollars of a contender that is paid for."""
    tokens = [
        f"{low:,.0f} to {high:,.0f} (expected {expected:,.0f})"
        for low, expected, high in (calls.prompt_tokens, calls.completion_tokens)
    ]
    yield f"{record.title}: {calls.calls:,} calls, those that choose the prompt among them"
    yield f"prompt tokens {tokens[0]}; answer tokens {tokens[1]}"
    if calls.cost is None:
        yield "the price is not known (--llm-price 0.15/0.60: dollars per million tokens)"
    else:
        low, expected, high = calls.cost
        yield f"about ${expected:,.2f}, from ${low:,.2f} to ${high:,.2f}"


def _prompts(plan: Plan) -> Iterator[str]:
    """Yield every wording as the model would see it, around the first row that is asked."""
    from bakeoff.report.visible import visible

    for record in plan.contenders:
        for number, prompt in enumerate(() if record.calls is None else record.calls.prompts, 1):
            yield f"--- {record.title}, wording {number}"
            yield from visible(prompt).split("\n")


def _changes(plan: Plan) -> list[str]:
    return list(plan.notes)


def _columns(plan: Plan) -> Iterator[str]:
    columns = plan.data.columns
    width = min(max(len(column.name) for column in columns), 30)
    yield "columns"
    for column in columns[:SHOWN_COLUMNS]:
        line = f"  {column.name:<{width}}  {column.type:<9} {column.role:<7} {column.reason}"
        yield line if len(line) <= WIDTH else line[: WIDTH - 1] + "…"
    if len(columns) > SHOWN_COLUMNS:
        yield f"  and {len(columns) - SHOWN_COLUMNS} more (--json shows all)"
    yield f"  fingerprint {plan.data.fingerprint[:16]}"


def _contenders(plan: Plan) -> Iterator[str]:
    """Yield a line for each contender; those that differ by one setting share a line."""
    rows: dict[str, list[ContenderRecord]] = {}
    for contender in plan.contenders:
        rows.setdefault(contender.variant_of or contender.name, []).append(contender)
    width = min(max(len(name) for name in rows), 44)
    yield "contenders"
    for name, records in rows.items():
        first = records[0]
        seconds = sum(record.estimate_s or 0.0 for record in records)
        facts = [f"{spoken_s(seconds)} of CPU"] if seconds >= 1 else []
        if not first.learns and not first.baseline:
            facts.append(_without_learning(first))
        if len(records) > 1:
            facts.append(f"at {len(records)} settings, one is picked by cross-fitting")
        if first.unread and first.learns and not first.baseline:
            facts.append(f"does not read {', '.join(first.unread)}")
        if first.dropped:
            facts = [f"left out: {first.dropped}"]
        yield from wrap(f"  {name:<{width}}  {'; '.join(facts)}".rstrip())
