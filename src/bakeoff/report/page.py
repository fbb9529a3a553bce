"""The decision page: one offline HTML file, made from the records of a run alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from bakeoff.report import details, repeat
from bakeoff.report.board import Board, board
from bakeoff.report.case import Case
from bakeoff.report.disagreements import Disagreements, disagreements
from bakeoff.report.environment import environment
from bakeoff.report.figures import confusion, forest, price, reliability, scatter, shares
from bakeoff.report.findings import Said, loudest_first, say
from bakeoff.report.samples import Sample, samples
from bakeoff.report.sentences import decide, facts
from bakeoff.report.strip import Tile, strip
from bakeoff.report.visible import visible
from bakeoff.report.words import words_for

if TYPE_CHECKING:
    from bakeoff.report.figures.view import FigureView, Table
    from bakeoff.results.analysis import Analysis
    from bakeoff.results.records import Finding, Plan

HTML_LANGUAGE = {"en": "en", "zh": "zh-Hans"}
_MOST_CONFUSIONS = 2


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the figures under it."""

    name: str
    title: str
    figures: tuple[FigureView, ...]
    note: str = ""
    """Why there is no figure, if that must be said."""


@dataclass(frozen=True, slots=True)
class Fold:
    """A table behind a line that opens it; ``on_paper``: it is printed open."""

    title: str
    table: Table
    on_paper: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Everything that the template shows, in words and pictures."""

    lang: str
    name: str
    date: str
    decision: tuple[str, ...]
    facts: tuple[str, ...]
    strip: tuple[Tile, ...]
    board: Board
    board_folds: tuple[Fold, ...]
    sections: tuple[Section, ...]
    samples: tuple[Sample, ...]
    disagreements: Disagreements | None
    audit: tuple[Said, ...]
    audit_folds: tuple[Fold, ...]
    threats: tuple[Said, ...]
    repeat: tuple[repeat.Fact, ...]
    repeat_folds: tuple[Fold, ...]


def render_page(plan: Plan, analysis: Analysis, lang: str = "en") -> str:
    """Return the decision page as one HTML document.

    Args:
        plan: What was planned.
        analysis: What the judge found.
        lang: ``"en"`` or ``"zh"``.

    Raises:
        UsageError: There are no words in that language.
    """
    words = words_for(lang, plan.task.kind)
    case = Case(plan, analysis, words)
    template = environment().get_template("page.html.jinja")
    html = template.render(page=_page(case), w=words)
    return "\n".join(line for line in html.splitlines() if line.strip()) + "\n"


def _emphasis(role: str, name: str) -> str:
    return Markup('<strong class="{}"><bdi>{}</bdi></strong>').format(role, visible(name))


def _page(case: Case) -> Page:
    plan, words = case.plan, case.words
    aside = repeat.set_aside(case)
    folds = [Fold(words("board.all-metrics"), details.metrics(case), on_paper=True)]
    recalls = details.recalls(case)
    if recalls is not None:
        folds.append(Fold(words("board.recalls"), recalls))
    folds.append(Fold(words("board.costs"), details.costs(case)))
    return Page(
        lang=HTML_LANGUAGE[words.lang],
        name=plan.name,
        date=case.analysis.date[:10],
        decision=tuple(decide(case, _emphasis)),
        facts=tuple(facts(case)),
        strip=strip(case),
        board=board(case),
        board_folds=tuple(folds),
        sections=tuple(one for one in _sections(case) if one.figures or one.note),
        samples=samples(case),
        disagreements=disagreements(case),
        audit=_said(plan.findings, case),
        audit_folds=() if aside is None else (Fold(words("repeat.set-aside"), aside),),
        threats=_said(case.analysis.threats, case),
        repeat=tuple(repeat.facts(case)),
        repeat_folds=(
            Fold(words("repeat.columns"), repeat.columns(case)),
            Fold(words("repeat.settings"), repeat.settings(case)),
        ),
    )


def _said(findings: tuple[Finding, ...], case: Case) -> tuple[Said, ...]:
    return tuple(say(finding, case) for finding in loudest_first(findings))


def _sections(case: Case) -> list[Section]:
    confused = case.analysis.confusions[:_MOST_CONFUSIONS]
    drawn: dict[str, list[FigureView | None]] = {
        "differences": [forest.draw(case)],
        "price": [price.draw(case)],
        "shares": [shares.draw(case)],
        "mistakes": [
            *(confusion.draw(one, case, number) for number, one in enumerate(confused, 1)),
            scatter.draw(case),
        ],
        "confidence": [reliability.draw(case)],
    }
    unpriced = price.missing(case)
    notes = {"price": case.words("price.missing", names=case.words.listing(unpriced))}
    return [
        Section(
            name,
            case.words(f"section.{name}"),
            tuple(one for one in figures if one),
            notes.get(name, "") if unpriced else "",
        )
        for name, figures in drawn.items()
    ]
