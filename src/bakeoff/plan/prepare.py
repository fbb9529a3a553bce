"""From the user's files to a dataset, a target, the role of every column, and an audit."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from bakeoff.core.errors import UsageError
from bakeoff.data import corpus
from bakeoff.data.answers import AnswerSummary, join_answers
from bakeoff.data.audit import AuditReport, audit
from bakeoff.data.audit.base import Subject
from bakeoff.data.columns import ColumnType
from bakeoff.data.load import load_dataset
from bakeoff.data.roles import ColumnRole, assign_roles, input_names
from bakeoff.data.target import Target, infer_target, read_target
from bakeoff.data.unlabelled import Unlabelled, find_unlabelled
from bakeoff.protocol.prices import parse_price_per_row
from bakeoff.results.records import ColumnRecord, DataRecord, Finding, SourceRecord, finding
from bakeoff.tasks.kind import load_kind
from bakeoff.tasks.spec import TaskSpec

if TYPE_CHECKING:
    from bakeoff.data.dataset import Dataset
    from bakeoff.plan.options import Options

SHOWN_ASIDE = 100


@dataclass(frozen=True, slots=True)
class Prepared:
    """The data, ready to be planned for."""

    dataset: Dataset
    target: Target
    roles: tuple[ColumnRole, ...]
    answers: tuple[AnswerSummary, ...]
    audit: AuditReport
    task: TaskSpec
    unlabelled: Unlabelled | None = None

    def answer_names(self) -> tuple[str, ...]:
        """Return the spec of the contender of each column of answers."""
        return tuple(f"answers:{summary.column}" for summary in self.answers)


def prepare(source: Any, valid: Any, test: Any, options: Options) -> Prepared:
    """Read, type, join, audit.

    Raises:
        UserError: Anything that the user can mend; see `core.errors`.
    """
    types = {
        name: kind
        for names, kind in (
            (options.text, ColumnType.TEXT),
            (options.category, ColumnType.CATEGORY),
            (options.number, ColumnType.NUMBER),
            (options.image, ColumnType.IMAGE),
        )
        for name in names
    }
    dataset = load_dataset(
        source,
        valid=valid,
        test=test,
        types=types,
        name=options.name,
        limit=options.limit,
        seed=options.seed,
        block=options.block if options.kind == corpus.KIND else None,
    )
    if options.kind == corpus.KIND:
        return _prepare_texts(dataset, options)
    column = options.target or infer_target(dataset)[0]
    dataset.column(column)
    summaries = []
    for spec in options.answers:
        dataset, summary = join_answers(dataset, spec, text_columns=options.text)
        summaries.append(summary)
    before = dataset
    dataset, target = read_target(dataset, column, options.kind)
    roles = assign_roles(
        dataset,
        column,
        texts=options.text,
        inputs=(*options.category, *options.number, *options.image),
        group=options.group,
        id_column=options.id,
        ignore=options.ignore,
    )
    names = input_names(roles)
    subject = Subject(dataset, target, names, options.group)
    unlabelled = find_unlabelled(
        subject, before, options.unlabelled, limit=options.limit, seed=options.seed
    )
    report = audit(dataset, target, inputs=names, group=options.group)
    task = TaskSpec(
        kind=target.kind,
        inputs=tuple(dataset.column(name) for name in names),
        target=column,
        metrics=_metrics(target, options.metric),
        classes=target.classes,
        group=options.group,
    )
    return Prepared(dataset, target, roles, tuple(summaries), report, task, unlabelled)


def _prepare_texts(dataset: Dataset, options: Options) -> Prepared:
    """Prepare for language modelling: one column of text, which is its own answer.

    Raises:
        UserError: Anything that the user can mend; see `core.errors`.
    """
    if options.answers:
        raise UsageError(
            "answers made elsewhere cannot be compared in language modelling",
            where="--answers",
            fix="leave it out: a language model is judged by the probability of the text itself",
        )
    asked = (*options.text, *((options.target,) if options.target else ()))
    column, reason = corpus.text_column(dataset, asked)
    dataset, target = corpus.read_texts(dataset, column)
    roles = corpus.text_roles(
        dataset,
        column,
        reason,
        group=options.group,
        id_column=options.id,
        ignore=options.ignore,
    )
    report = audit(dataset, target, inputs=(column,), group=options.group)
    task = TaskSpec(
        kind=target.kind,
        inputs=(dataset.column(column),),
        target=column,
        metrics=_metrics(target, options.metric),
        group=options.group,
        settings=((corpus.BLOCK_SETTING, str(options.block)),),
    )
    return Prepared(dataset, target, roles, (), report, task)


def _metrics(target: Target, primary: str | None) -> tuple[str, ...]:
    """Return the kind's metrics, the user's first."""
    from bakeoff.metrics.registry import load_metric

    kind, known = target.kind, load_kind(target.kind).metrics
    if primary is None:
        return known
    metric = load_metric(primary)
    if kind not in metric.kinds:
        raise UsageError(
            f"the metric '{primary}' is not for {kind}", fix="use one of " + ", ".join(known)
        )
    if metric.two_classes and len(target.classes) != 2:
        raise UsageError(
            f"the metric '{primary}' is of two classes, and '{target.column}' has "
            f"{len(target.classes)}",
            fix="use one of " + ", ".join(known),
        )
    return (primary, *(name for name in known if name != primary))


def answer_prices(prepared: Prepared, options: Options) -> dict[str, float]:
    """Return ``"answers:COLUMN"`` -> dollars a row, from the options.

    Raises:
        UsageError: There are neither one price nor as many as answers.
    """
    said = _one_each(prepared, options.answers_price, "--answers-price")
    return {name: parse_price_per_row(price) for name, price in said.items()}


def answer_origins(prepared: Prepared, options: Options) -> dict[str, str]:
    """Return ``"answers:COLUMN"`` -> whose answers they are, from the options.

    Raises:
        UsageError: There are neither one origin nor as many as answers.
    """
    return _one_each(prepared, options.answers_origin, "--answers-origin")


def _one_each(prepared: Prepared, values: tuple[str, ...], option: str) -> dict[str, str]:
    names = prepared.answer_names()
    if not values:
        return {}
    if not names:
        raise UsageError(
            f"{option} is given and there are no answers",
            where=option,
            fix="name the column or file that holds them: --answers gpt_answer",
        )
    if len(values) not in (1, len(names)):
        raise UsageError(
            f"{option} is given {len(values)} times for {len(names)} answers",
            where=option,
            fix="give it once for all, or once for each --answers in the same order",
        )
    return dict(zip(names, values * (len(names) if len(values) == 1 else 1), strict=True))


def data_record(prepared: Prepared) -> DataRecord:
    """Return the data as the plan records it."""
    dataset = prepared.dataset
    return DataRecord(
        name=dataset.name,
        fingerprint=dataset.fingerprint,
        sources=tuple(SourceRecord(**asdict(source)) for source in dataset.sources),
        columns=tuple(ColumnRecord(**asdict(role)) for role in prepared.roles),
        set_aside=tuple((r.part, r.line, r.reason) for r in dataset.set_aside[:SHOWN_ASIDE]),
    )


def findings(prepared: Prepared) -> tuple[Finding, ...]:
    """Return what the audit saw, and how answers met the rows."""
    found = [Finding(f.code, f.level, dict(f.values), f.rows) for f in prepared.audit.findings]
    if prepared.unlabelled is not None:
        rows, twins = prepared.unlabelled.table.num_rows, prepared.unlabelled.twins
        found.append(finding("unlabelled-rows", "info", rows=rows, twins=twins))
    for summary in prepared.answers:
        rows = summary.matched + summary.missing
        name = f"answers:{summary.column}"
        if summary.missing:
            found.append(
                finding(
                    "partial-answers", "info", contender=name, answered=summary.matched, rows=rows
                )
            )
        if summary.unmatched:
            found.append(
                finding("unmatched-answers", "warning", contender=name, unmatched=summary.unmatched)
            )
    return tuple(found)
