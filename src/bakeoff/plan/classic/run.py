"""Runs the parts one after the other, each a comparison of its own, and brings them together."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bakeoff.contenders.registry import make_contender
from bakeoff.core.errors import DataError, PlanError
from bakeoff.core.files import write_atomic
from bakeoff.plan.compare import compare
from bakeoff.report.together.claims import judge_claims
from bakeoff.report.together.lines import all_lines
from bakeoff.report.together.page import render_together
from bakeoff.report.words import Words
from bakeoff.results.codec import to_json
from bakeoff.results.together import Member, Missing, Summary, Together

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path
    from typing import Any, Protocol

    from bakeoff.plan.classic.part import Part
    from bakeoff.plan.compare import Audience
    from bakeoff.plan.result import Result

    class Stage(Protocol):
        """Makes the audience of each comparison."""

        def __call__(self) -> AbstractContextManager[Audience]:
            """Return who hears of the next comparison, for as long as it runs."""


PAGE, SUMMARY = "comparison.html", "comparison.json"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: the records, the page, the contenders that did not finish."""

    together: Together
    summary: Summary
    page: Path
    failed: tuple[str, ...]
    unfinished: tuple[str, ...]


def run_together(  # noqa: PLR0913 - all but parts and place by name
    parts: Sequence[Part],
    root: Path,
    *,
    stage: Stage,
    full: bool = False,
    missing: Sequence[Missing] = (),
    lang: str = "en",
    command: str = "",
) -> Outcome:
    """Run every part in a folder of its own under ``root``, and write the common page there.

    The same call goes on where it was stopped: each run does.

    Args:
        parts: What is compared, without what cannot run here (see `part.able`).
        root: Folder of the page and of the runs.
        stage: Makes who hears of each run.
        full: Whether these are the sets that the claims are about; a set that cannot be read is
            then left out openly.
        missing: Sets that were not found.
        lang: Language of all pages.
        command: What the user typed, for the record.

    Raises:
        UserError: Anything that the user can mend; see `core.errors`.
    """
    members: list[Member] = []
    lost = list(missing)
    failed: list[str] = []
    unfinished: list[str] = []
    for part in parts:
        try:
            with stage() as listener:
                for remark in part.remarks:
                    listener.told(f"{part.name}: left out: {remark}")
                result = _run(part, root, listener, command)
        except (DataError, PlanError) as error:
            if not full:
                raise
            lost.append(Missing(part.name, error.what))
            continue
        if lang != "en":
            result.report(lang=lang)
        members.append(_member(part, result, root))
        failed += [f"{part.name}: {name}" for name in result.failed]
        unfinished += [f"{part.name}: {name}" for name in result.unfinished]
    together = Together(full, tuple(members), tuple(lost))
    summary = summarise(together, lang)
    page = root / PAGE
    write_atomic(page, render_together(together, lang).encode())
    write_atomic(root / SUMMARY, to_json(summary).encode())
    return Outcome(together, summary, page, tuple(failed), tuple(unfinished))


def summarise(together: Together, lang: str = "en") -> Summary:
    """Return the table, the claims and the analyses as one record."""
    words = Words(lang)
    return Summary(
        full=together.full,
        analyses={member.name: member.analysis for member in together.members},
        table=all_lines(together, words),
        claims=judge_claims(together, words),
        missing=together.missing,
        pages={member.name: member.page for member in together.members},
    )


def _run(part: Part, root: Path, listener: Audience, command: str) -> Result:
    inputs = {part.ground: part.columns}
    options: dict[str, Any] = {"name": part.name, **part.options, **inputs}
    names = [one.name for side in part.contenders().values() for one in side]
    reference = options.pop("reference", None)
    if reference is not None and (name := make_contender(reference).name) in names:
        options["reference"] = name
    return compare(
        part.source,
        valid=part.valid,
        test=part.test,
        contenders=names,
        out=root / str(options["name"]),
        listener=listener,
        command=command,
        **options,
    )


def _member(part: Part, result: Result, root: Path) -> Member:
    return Member(
        name=part.name,
        ground=part.ground,
        page=os.path.relpath(result.folder.report_file, root),
        plan=result.plan,
        analysis=result.analysis,
        sides={
            contender.name: side
            for side, contenders in part.contenders().items()
            for contender in contenders
        },
        speaker=make_contender(part.speaker).name,
        caveats=part.caveats,
        remarks=part.remarks,
    )
