"""Who competes: the default table for a task or the user's list, refusals named."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from bakeoff.contenders.combined.cascade import cascade_variants
from bakeoff.contenders.defaults import default_contenders
from bakeoff.contenders.foreign.wrap import wrap_object
from bakeoff.contenders.registry import join_parts, make_contender
from bakeoff.core.errors import MissingExtraError, PlanError, UsageError, did_you_mean
from bakeoff.core.extras import missing_package
from bakeoff.core.seeds import derive_seed
from bakeoff.results.records import ContenderRecord

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bakeoff.contenders.base import Contender
    from bakeoff.plan.options import Options
    from bakeoff.plan.prepare import Prepared
    from bakeoff.tasks.spec import TaskSpec

BASELINES = ("majority", "stratified-random", "uniform-bytes", "byte-frequencies")
LINEAR = ("pair-linear", "ngram-linear", "pixels-linear", "tabular-linear", "byte-ngram")
"""The plain model of each kind of columns: the first that can read them is the one to beat."""
PRETRAINED = ("encoder-frozen",)
"""Pretrained models that take the plain model's place as the one to beat. Which of several is the
best is known only after the run, and what all are compared with is fixed before it: so it is the
plainest use of the embedded encoder."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of answers before the run, which decides how combinations with them learn.

    Args:
        evidence: ``"oof"`` or ``"lockbox"``: what decides.
        answers_in_train: Whether enough training rows have answers made elsewhere for a cascade to
            learn its threshold; if not, it runs at several shares.
        asked_in_train: The same of the rows that a paid contender will be asked on.
    """

    evidence: str
    answers_in_train: bool
    asked_in_train: bool


@dataclass(frozen=True, slots=True)
class Entrant:
    """A contender of the plan."""

    contender: Contender
    variant_of: str | None = None
    folds: bool = True
    is_object: bool = False


def choose_entrants(
    prepared: Prepared,
    options: Options,
    given: Sequence[Any],
    known: Known,
) -> list[Entrant]:
    """Return all contenders: baselines always, then the default table or the user's list.

    A paid part of a combination competes by itself too: its answers are asked for there.

    Args:
        prepared: The data and the task.
        options: ``contenders``, ``llm`` and ``exclude``.
        given: Contenders, estimators or callables given as Python objects.
        known: Of the answers that combinations can learn from.

    Raises:
        UsageError: An unknown name.
        PlanError: A contender that was asked for cannot do the task.
    """
    task, answers = prepared.task, prepared.answer_names()
    llms = [_llm_spec(item) for item in options.llm]
    named = [*llms, *(spec for item in options.contenders for spec in _split(item))]
    specs = named
    if not options.contenders:
        together = [spec for llm in llms for spec in _together(task, llm, known)]
        specs = [*default_contenders(task), *_cascades(task, answers), *llms, *together]
    specs = [*BASELINES, *answers, *specs]
    excluded = {spec for item in options.exclude for spec in _split(item)}
    _check_excluded(excluded, specs)
    entrants: list[Entrant] = []
    for spec in dict.fromkeys(specs):
        if spec not in excluded:
            entrants += _entrants_of(spec, task, asked=spec in named, known=known)
    names = {entrant.contender.name for entrant in entrants}
    paid = {part.name: part for entrant in entrants for part in entrant.contender.lent}
    entrants += [Entrant(_checked(part, task)) for name, part in paid.items() if name not in names]
    _check_answered(entrants, prepared)
    for item in given:
        entrants.append(Entrant(_checked(wrap_object(item), task), is_object=True))
    _check_names([entrant.contender.name for entrant in entrants])
    return sorted(entrants, key=lambda e: e.contender.card.rank)


def _split(item: str) -> list[str]:
    return [spec.strip() for spec in item.split(",") if spec.strip()]


def _check_excluded(excluded: set[str], specs: Sequence[str]) -> None:
    for name in excluded:
        if name not in specs:
            raise UsageError(
                f"'{name}' is excluded but would not run", fix=did_you_mean(name, specs)
            )


def _check_names(names: Sequence[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise UsageError(
                f"two contenders have the name '{name}'",
                fix="name one: SklearnEstimator(estimator, label='mine') or "
                "PythonCallable(function, label='mine'), from bakeoff.contenders.foreign",
            )


def _check_answered(entrants: Sequence[Entrant], prepared: Prepared) -> None:
    """Refuse contenders that need answers which were not given."""
    known = [summary.column for summary in prepared.answers]
    for entrant in entrants:
        for column in entrant.contender.columns():
            if column not in known:
                names = [c.name for c in prepared.dataset.columns]
                raise UsageError(
                    f"'{entrant.contender.name}' needs answers in '{column}', and none are given",
                    fix=f"--answers {column}"
                    if column in names
                    else f"--answers COLUMN or FILE; {did_you_mean(column, [*known, *names])}",
                )


def _cascades(task: TaskSpec, answers: Sequence[str]) -> list[str]:
    """Return a cascade from the task's linear contender to each column of answers."""
    default = default_contenders(task)
    linear = [name for name in LINEAR if name in default]
    return [f"cascade:{linear[0]}>{answer}" for answer in answers] if linear else []


def _llm_spec(text: str) -> str:
    """Return the spec of a language model that is named in short: ``MODEL@BASE_URL``."""
    is_spec = text.partition(":")[0].partition("@")[0] in ("llm", "hf-llm")
    return text if is_spec else f"llm:{text}"


def _together(task: TaskSpec, llm: str, known: Known) -> list[str]:
    """Return how a language model and the small models of the default table run together.

    What they need of each other differs: a stack learns its weights from training rows with
    answers, a vote needs two small models, or the language model would always have its way.
    """
    default, name = default_contenders(task), make_contender(llm).name
    small = [*[n for n in LINEAR if n in default][:1], *(n for n in PRETRAINED if n in default)]
    specs = [f"cascade:{join_parts((first, name), '>')}" for first in small]
    if small and known.asked_in_train:
        specs.append(f"stack:{join_parts((*small, name), '+')}")
    elif len(small) > 1:
        specs.append(f"vote:{join_parts((*small, name), '+')}")
    return specs


def _entrants_of(spec: str, task: TaskSpec, *, asked: bool, known: Known) -> list[Entrant]:
    """Return the entrants of a spec: one, none, or a cascade at several shares."""
    contender = make_contender(spec)
    missing = [extra for extra in contender.card.extras if missing_package(extra)]
    if missing and not asked:
        return []
    if missing:
        package = missing_package(missing[0]) or missing[0]
        raise MissingExtraError(package, extra=missing[0], needed_by=spec)
    if not asked and contender.refuses(task):
        return []
    _checked(contender, task)
    paid, out_of_fold = bool(contender.lent), known.evidence == "oof"
    given = any(part.card.family == "answers" for part in contender.parts())
    learnable = (known.asked_in_train or not paid) and (known.answers_in_train or not given)
    if spec.startswith("cascade:") and not learnable:
        variants = [make_contender(name) for name in cascade_variants(spec)]
        return [Entrant(variant, variant_of=spec, folds=out_of_fold) for variant in variants]
    # Training rows are asked only where they judge: elsewhere no fold would see an answer.
    return [Entrant(contender, folds=out_of_fold or not paid)]


def _checked(contender: Contender, task: TaskSpec) -> Contender:
    reason = contender.refuses(task)
    if reason:
        raise PlanError(
            f"'{contender.name}' cannot do this task: {reason}",
            why="a contender that cannot compete stops the plan, so that none is lost silently",
            fix="take it out of --contenders, or give a column the type it needs, for example "
            "--text COLUMN",
        )
    deep = [p.name for part in contender.parts() for p in _all_parts(part) if p.card.metered]
    if deep:
        raise PlanError(
            f"'{deep[0]}' cannot be a part of a part of '{contender.name}'",
            why="the answers that it was paid for serve the combinations it is a part of itself",
            fix=f"combine it at once, for example cascade:FIRST>{deep[0]}",
        )
    return contender


def _all_parts(contender: Contender) -> list[Contender]:
    return [deep for part in contender.parts() for deep in (part, *_all_parts(part))]


def contender_record(
    entrant: Entrant,
    task: TaskSpec,
    seeds: Sequence[int],
    estimate_s: float | None,
    origin: str | None = None,
) -> ContenderRecord:
    """Return an entrant as the plan records it; ``origin`` is whose answers they are, if known."""
    contender, card = entrant.contender, entrant.contender.card
    reads = _reads(contender, task)
    own = seeds[:1] if card.deterministic else tuple(seeds)
    return ContenderRecord(
        name=contender.name,
        title=_title(contender),
        family=card.family,
        summary=card.summary,
        settings=contender.settings() | ({"origin": origin} if origin else {}),
        learns=card.learns,
        deterministic=card.deterministic,
        baseline=card.family == "baselines",
        reads=reads,
        unread=tuple(name for name in task.input_names if name not in reads),
        rank=card.rank,
        variant_of=entrant.variant_of,
        seeds=tuple(own),
        estimate_s=estimate_s,
        folds=entrant.folds,
        is_object=entrant.is_object,
        pretrained=card.pretrained,
        hosted=card.hosted,
        metered=card.metered,
        asks=tuple(dict.fromkeys(part.name for part in contender.lent)),
    )


def _reads(contender: Contender, task: TaskSpec) -> tuple[str, ...]:
    parts = contender.parts()
    if parts:
        names = {name for part in parts for name in _reads(part, task)}
        return tuple(name for name in task.input_names if name in names)
    return tuple(c.name for c in task.inputs if c.type in contender.card.reads)


def _title(contender: Contender) -> str:
    """Return the card's title with the settings and parts that make it this contender."""
    parts = contender.parts()
    card = contender.card
    title = card.title or card.name
    if card.family == "answers":
        # Whose answers they are is not known here; the report finds the words.
        return contender.name
    if parts:
        own = contender.changed_settings() if card.name == "distilled" else {}
        title += "".join(f", {key} {value}" for key, value in own.items())
        return f"{title}: " + (" > " if card.name in ("cascade", "distilled") else " + ").join(
            _title(part) for part in parts
        )
    settings = contender.changed_settings().items()
    said = [(key, value) for key, value in settings if key not in contender.unsaid]
    changed = ", ".join(f"{key} {_without_folders(value)}" for key, value in said)
    return contender.title() + (f" ({changed})" if changed else "")


def _without_folders(value: object) -> object:
    """Return a setting's value; of a path, the file's name."""
    return PurePath(value).name if isinstance(value, str) and os.sep in value else value


def run_seeds(seed: int, count: int) -> tuple[int, ...]:
    """Return the seeds of a run, derived from the user's one."""
    return tuple(derive_seed(seed, "run", number) for number in range(count))
