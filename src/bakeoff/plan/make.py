"""Makes the plan: everything that is fixed and hashed before anything is trained."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from bakeoff.core.errors import UsageError, did_you_mean
from bakeoff.metrics.registry import load_metric
from bakeoff.plan.asking import planned_calls
from bakeoff.plan.budget import (
    Effort,
    cores,
    effort,
    expected_bytes,
    picture_scale,
    scale_of,
    shared_fit_seconds,
    text_scale,
)
from bakeoff.plan.divide import answered_rows, divide, evidence_of
from bakeoff.plan.entrants import (
    LINEAR,
    PRETRAINED,
    Entrant,
    Known,
    choose_entrants,
    contender_record,
    run_seeds,
)
from bakeoff.plan.keep_time import PATIENCE_S, Load, expected_seconds, keep_time
from bakeoff.plan.options import parse_seconds
from bakeoff.plan.prepare import answer_origins, answer_prices, data_record, findings, prepare
from bakeoff.plan.question import question_hash
from bakeoff.protocol.asked import ASKED_ROWS, asked_rows
from bakeoff.protocol.prices import load_prices, token_prices
from bakeoff.protocol.splits import LOCKBOX, TRAIN, Splits
from bakeoff.results.codec import record_hash
from bakeoff.results.records import RECORD_VERSION, Plan, SplitRecord, TaskRecord
from bakeoff.statistics.power import detectable_before
from bakeoff.tasks.kind import load_kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bakeoff.plan.options import Options
    from bakeoff.plan.prepare import Prepared
    from bakeoff.results.records import PriceRecord

LEAST_ANSWERED = 100
"""Answered training rows that a cascade learns its threshold from; else it runs at shares."""

ASSUMED_DISCORDANCE = 0.1
"""Share of rows on which two models differ, for the smallest difference before the run."""

CELL_LIMIT_SHARE = 0.75
POINTS = 0.01


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan with the data and objects that it speaks of."""

    plan: Plan
    prepared: Prepared
    splits: Splits
    entrants: tuple[Entrant, ...]
    workers: int


def make_plan(
    source: Any,
    options: Options,
    *,
    valid: Any = None,
    test: Any = None,
    given: Sequence[Any] = (),
    command: str = "",
) -> Planned:
    """Plan a comparison; nothing is trained, and nothing is asked.

    No network is used, except to fetch an encoder that is named by its name on the hub and is not
    in the cache yet: what it can read is known only from its files.

    Args:
        source: The data: a path, a name or an object.
        options: What the user asked for.
        valid: The official dev split.
        test: The official test split.
        given: Contenders given as Python objects.
        command: What the user typed, to repeat it.

    Raises:
        UserError: Anything that the user can mend; see `core.errors`.
    """
    prepared = prepare(source, valid, test, options)
    prices = load_prices(
        options.prices,
        volume=options.volume,
        per_row=answer_prices(prepared, options),
        machine_price=options.machine_price,
        hosting_price=options.hosting_price,
        llm_price=options.llm_price,
    )
    answered = answered_rows(prepared)
    exact = options.folds is not None
    splits, wanted, fewer = divide(prepared, answered, effort(options), options.seed, exact=exact)
    evidence = evidence_of(splits, answered, wanted.folds)
    train_answered = int((answered & (splits.role == TRAIN)).sum())
    asked = None if options.ask_all else ASKED_ROWS
    paid = asked_rows(splits, evidence=evidence, limit=asked, seed=options.seed, answered=answered)
    known = Known(
        evidence,
        answers_in_train=train_answered >= LEAST_ANSWERED,
        asked_in_train=int((splits.role[paid] == TRAIN).sum()) >= LEAST_ANSWERED,
    )
    entrants = choose_entrants(prepared, options, given, known)
    if options.max_cost is not None:
        _refuse_unknown_prices(entrants, prices)
    limit_s = parse_seconds(options.time)
    rows = int((splits.role == TRAIN).sum())
    workers = cores(options)

    scales = text_scale(prepared), picture_scale(prepared)
    by_default = not options.contenders
    counted = {entrant.contender.name for entrant in entrants}
    loads = [_load(entrant, rows, scales, counted, by_default=by_default) for entrant in entrants]
    patience_s = None if "time" in options.model_fields_set else PATIENCE_S
    keeping = keep_time(loads, wanted, limit_s, workers, patience_s)
    kept, notes = keeping.effort, (*fewer, *keeping.notes)
    if kept.folds != wanted.folds or kept.repeats != wanted.repeats:
        splits, _, _ = divide(prepared, answered, kept, options.seed, exact=True)
    seeds = run_seeds(options.seed, kept.seeds)
    origins = answer_origins(prepared, options)
    records = []
    for entrant, load in zip(entrants, loads, strict=True):
        alone = load.name in keeping.one_seed
        record = contender_record(
            entrant,
            prepared.task,
            seeds[:1] if alone else seeds,
            load.seconds(kept, one_seed=alone),
            origins.get(load.name),
        )
        records.append(replace(record, dropped=keeping.dropped.get(load.name)))
    running = [load for load in loads if load.name not in keeping.dropped]
    expected_s = expected_seconds(running, kept, keeping.one_seed, workers)
    if expected_s > limit_s:
        notes = (
            *notes,
            f"about {expected_s:.0f} s are expected, more than the limit of {limit_s:.0f} s "
            "(--time): what is not done by then stays unfinished",
        )
    reference, reason = _reference(
        options, [e for e, r in zip(entrants, records, strict=True) if not r.dropped]
    )
    metric = load_metric(prepared.task.primary)
    compared = splits.role == (LOCKBOX if evidence == "lockbox" else TRAIN)
    if reference.startswith("answers:"):
        compared &= answered
    paid = np.zeros(0, dtype=np.int64)
    if any(record.metered and not record.dropped for record in records):
        paid = asked_rows(
            splits, evidence=evidence, limit=asked, seed=options.seed, answered=answered
        )
        compared &= np.isin(np.arange(len(compared)), paid)
    fits = kept.folds * kept.repeats + 1
    records = [
        replace(
            record,
            calls=planned_calls(
                *(entrant.contender, prepared, splits, prices, paid),
                evidence=evidence,
                fits=fits * len(record.seeds),
            ),
        )
        if record.metered or entrant.contender.bounds_calls
        else record
        for entrant, record in zip(entrants, records, strict=True)
    ]
    plan = Plan(
        version=RECORD_VERSION,
        name=prepared.dataset.name,
        command=command,
        question=question_hash(prepared, options, entrants, prices),
        data=data_record(prepared),
        task=_task_record(prepared),
        splits=_split_record(prepared, splits, kept, seeds, evidence),
        contenders=tuple(records),
        reference=reference,
        reference_reason=reason,
        rope=_rope(options, percent=metric.percent),
        alpha=0.05,
        preset=options.preset,
        seed=options.seed,
        time_limit_s=limit_s,
        cell_limit_s=max(30.0, limit_s * CELL_LIMIT_SHARE),
        prices=prices,
        findings=findings(prepared),
        notes=notes,
        workers=workers,
        device=options.device,
        ask_rows=asked,
        max_cost=options.max_cost,
        max_calls=options.max_calls,
        expected_s=expected_s,
        expected_bytes=expected_bytes(len(prepared.dataset), workers),
        detectable=detectable_before(int(compared.sum()), ASSUMED_DISCORDANCE)
        if metric.proportion and compared.any()
        else None,
    )
    plan = replace(plan, sha256=record_hash(plan))
    return Planned(plan, prepared, splits, tuple(entrants), workers)


def _refuse_unknown_prices(entrants: Sequence[Entrant], prices: PriceRecord) -> None:
    """Refuse a limit in dollars where nobody knows what a call costs.

    Raises:
        UsageError: A contender is paid for, and its price per token is not known.
    """
    left = [entrant.contender for entrant in entrants]
    while left:
        contender = left.pop(0)
        left += contender.parts()
        if not contender.card.metered or contender.card.hosted:
            continue
        source = f"{contender.card.name}:{contender.argument()}"
        if token_prices(prices, source) is None:
            raise UsageError(
                f"the price of {source} is not known, so no limit in dollars can be kept",
                where="--max-cost",
                fix="say it: --llm-price 0.15/0.60 (dollars per million tokens of the prompt and "
                "of the answer), or [models] in --prices FILE; or limit the calls: --max-calls",
            )


def _load(
    entrant: Entrant,
    rows: int,
    scales: tuple[float, float],
    counted: set[str],
    *,
    by_default: bool,
) -> Load:
    contender, card = entrant.contender, entrant.contender.card
    return Load(
        contender.name,
        shared_fit_seconds(contender, rows, counted) * scale_of(contender, *scales),
        learns=card.learns,
        folds=entrant.folds,
        seeded=not card.deterministic,
        needed=card.family in ("baselines", "answers") or card.name in LINEAR,
        spare=by_default and "torch" in card.extras and not card.deterministic,
    )


def _reference(options: Options, entrants: Sequence[Entrant]) -> tuple[str, str]:
    """Return the contender that all others are compared with, and why it."""
    names = [e.contender.name for e in entrants if e.variant_of is None]
    if options.reference is not None:
        if options.reference not in names:
            raise UsageError(
                f"the reference '{options.reference}' does not compete",
                where="--reference",
                fix=did_you_mean(options.reference, names),
            )
        return options.reference, "named by --reference"
    given = [e.contender.name for e in entrants if e.contender.card.family == "answers"]
    asked = [e.contender.name for e in entrants if e.contender.card.metered]
    if given or asked:
        return (given or asked)[0], "the one to beat, as it answers without training"
    for name in PRETRAINED:
        if name in names:
            return name, "the pretrained model to beat, as no answers are given"
    for name in LINEAR:
        if name in names:
            return name, "the plain model to beat, as no answers are given"
    return names[-1], "the only kind of contender for these columns"


def _rope(options: Options, *, percent: bool) -> float | None:
    """Return the region of practical equivalence in the metric's unit."""
    if options.rope is not None:
        return options.rope * POINTS if percent else options.rope
    return POINTS if percent else None


def _task_record(prepared: Prepared) -> TaskRecord:
    task = prepared.task
    return TaskRecord(
        *(task.kind, task.target, task.input_names, task.classes, task.metrics, task.group),
        settings=dict(task.settings),
    )


def _split_record(
    prepared: Prepared, splits: Splits, kept: Effort, seeds: tuple[int, ...], evidence: str
) -> SplitRecord:
    parts = set(prepared.dataset.part.tolist())
    return SplitRecord(
        rule=load_kind(prepared.task.kind).split_rule().name,
        evidence=evidence,
        folds=kept.folds,
        repeats=kept.repeats,
        seeds=seeds,
        train_rows=int((splits.role == TRAIN).sum()),
        lockbox_rows=int((splits.role == LOCKBOX).sum()),
        lockbox_origin="official" if "test" in parts else "held-out",
        valid_origin="official" if "valid" in parts else "fold",
        dropped_twins=int((splits.role == "dropped").sum()),
        sha256=splits.sha256(),
    )
