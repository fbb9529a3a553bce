"""One data set of the classic comparison, declared as data: source, options, who competes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from bakeoff.contenders.registry import make_contender
from bakeoff.core.errors import UsageError, did_you_mean
from bakeoff.core.extras import missing_package
from bakeoff.data.columns import Column, ColumnType
from bakeoff.plan.budget import USUAL_CHARACTERS, USUAL_SIDE, Effort, fit_seconds, scale_of
from bakeoff.plan.keep_time import Load, expected_seconds
from bakeoff.tasks.kind import load_kind
from bakeoff.tasks.spec import TaskSpec

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bakeoff.contenders.base import Contender


@dataclass(frozen=True, slots=True)
class Part:
    """One comparison before it is run.

    Args:
        name: Of the data set, and of its run folder.
        source: As `plan.compare.compare` takes it.
        kind: ``"classification"`` or ``"regression"``.
        ground: ``"text"`` or ``"image"``.
        columns: Input columns.
        sides: Side -> specs of its contenders.
        speaker: Spec of the contender that claims are measured on.
        rows: About how many rows there are to learn from; None: not known before they are read.
        characters: About how long a row's texts are together.
        side: About how many pixels a picture is wide.
        valid: Official dev split.
        test: Official test split.
        options: Of `plan.options.Options`, beside contenders and inputs.
        caveats: See `results.together.Member`.
        remarks: Lines on what was left out.
    """

    name: str
    source: Any
    kind: str
    ground: str
    columns: tuple[str, ...]
    sides: Mapping[str, tuple[str, ...]]
    speaker: str
    rows: int | None = None
    characters: int = 100
    side: int = 32
    valid: Any = None
    test: Any = None
    options: Mapping[str, Any] = field(default_factory=dict)
    caveats: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    def contenders(self) -> dict[str, tuple[Contender, ...]]:
        """Return the contenders of each side."""
        return {side: tuple(map(make_contender, specs)) for side, specs in self.sides.items()}

    def expected_rows(self) -> int | None:
        """Return about how many rows there are to learn from, where that is known."""
        return self.rows and min(self.rows, self.options.get("limit") or self.rows)

    def expected_s(self, workers: int) -> float | None:
        """Return about how many wall seconds it takes, where the number of rows is known."""
        rows = self.expected_rows()
        if rows is None:
            return None
        loads = [self._load(one, rows) for side in self.contenders().values() for one in side]
        effort = Effort(self.options["folds"], 1, self.options["seeds"])
        return expected_seconds(loads, effort, frozenset(), workers)

    def _load(self, contender: Contender, rows: int) -> Load:
        texts, pictures = self.characters / USUAL_CHARACTERS, (self.side / USUAL_SIDE) ** 2
        seconds = fit_seconds(contender, rows) * scale_of(contender, texts, pictures)
        folds = all(part.card.learns for part in contender.parts())
        return Load(contender.name, seconds, learns=contender.card.learns, folds=folds)

    def with_options(self, **options: Any) -> Part:
        """Return the part with more options; None leaves one as it is."""
        given = {key: value for key, value in options.items() if value is not None}
        return replace(self, options={**self.options, **given})


def able(part: Part) -> Part:
    """Return the part without the contenders that cannot run here; `remarks` names each.

    That is for an extra that is not installed, or for an encoder that is not here: the comparison
    is whole without it, and says so.
    """
    task = _task(part)
    sides: dict[str, tuple[str, ...]] = {}
    remarks = list(part.remarks)
    for side, specs in part.sides.items():
        reasons = {spec: _why_not(spec, task) for spec in specs}
        sides[side] = tuple(spec for spec in specs if not reasons[spec])
        remarks += [f"{spec}: {reason}" for spec, reason in reasons.items() if reason]
    return replace(part, sides=sides, remarks=tuple(remarks))


def _why_not(spec: str, task: TaskSpec) -> str:
    contender = make_contender(spec)
    for extra in contender.card.extras:
        package = missing_package(extra)
        if package is not None:
            return f"the package '{package}' is not installed; pip install 'bakeoff[{extra}]'"
    return contender.refuses(task) or ""


def _task(part: Part) -> TaskSpec:
    """Return the part's task as far as it is known before the data are read."""
    read = ColumnType.TEXT if part.ground == "text" else ColumnType.IMAGE
    return TaskSpec(
        kind=part.kind,
        inputs=tuple(Column(name, read, "declared") for name in part.columns),
        target="",
        metrics=load_kind(part.kind).metrics,
    )


def chosen(
    parts: Sequence[Part], only: Sequence[str], absent: Sequence[str] = ()
) -> tuple[Part, ...]:
    """Return the parts that were asked for, in their own order.

    Args:
        parts: All there are.
        only: Names of those wanted; empty: all.
        absent: Names of sets that belong here and were not found: asking for one is no slip.

    Raises:
        UsageError: A name is not known, or none of the sets that were asked for is here.
    """
    known = [*(part.name for part in parts), *absent]
    for name in only:
        if name not in known:
            raise UsageError(
                f"no comparison '{name}' here", where="--only", fix=did_you_mean(name, known)
            )
    found = tuple(part for part in parts if not only or part.name in only)
    if not found:
        raise UsageError(
            f"none of the sets that were asked for is here: {', '.join(only)}",
            where="--only",
            fix="found: " + ", ".join(part.name for part in parts),
        )
    return found
