"""Rows on which the choice and the contender it is compared with differ, ready to be shown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bakeoff.report import numbers
from bakeoff.report.visible import cut
from bakeoff.report.words import capital

if TYPE_CHECKING:
    from bakeoff.report.case import Case
    from bakeoff.results.analysis import Disagreement

MOST_ROWS = 20
_PICTURE = re.compile(r"data:image/(?:png|jpeg);base64,[A-Za-z0-9+/]+={0,2}")
_PICTURES_AT_MOST = 1_000_000
"""Characters of thumbnails in all, so that the page stays under its two megabytes."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One input of a row: text, or a picture."""

    column: str
    text: str
    cut: str
    """How much was cut off, in words; empty if nothing."""
    picture: str
    """A ``data:`` address of a PNG or JPEG, or empty."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one of the two said."""

    text: str
    confidence: str
    right: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A row on which the two differ."""

    row: str
    pieces: tuple[Piece, ...]
    truth: str
    first: Answer
    second: Answer


@dataclass(frozen=True, slots=True)
class Disagreements:
    """The sample of rows on which the two differ."""

    lead: str
    link: str
    """The way to it from the decision."""
    first: str
    second: str
    rows: tuple[Shown, ...]
    judged: bool
    """Whether right and wrong can be told (not so for numbers)."""


def disagreements(case: Case) -> Disagreements | None:
    """Return the rows on which the two differ, or None where nothing was compared."""
    pair, analysis = case.analysis.disagreement_pair, case.analysis
    if pair is None:
        return None
    sample = analysis.disagreements[:MOST_ROWS]
    names = {"first": case.spoken(pair[0], again=True), "second": case.spoken(pair[1], again=True)}
    total = analysis.disagreements_in_all
    key = "none" if total == 0 else "one" if total == 1 else "lead"
    link = "facts.disagreement" if total == 1 else "facts.disagreements"
    if 1 < total == len(sample):
        key, link = "all", f"{link}-all"
    counts = {"shown": len(sample), "total": total}
    lead = case.words(f"disagree.{key}", **counts, **names)
    rows, left = [], _PICTURES_AT_MOST
    for one in sample:
        shown, left = _row(one, case, left)
        rows.append(shown)
    return Disagreements(
        lead=capital(lead),
        link=case.words(link, **counts),
        first=case.label(pair[0]),
        second=case.label(pair[1]),
        rows=tuple(rows),
        judged=bool(case.plan.task.classes),
    )


def _row(one: Disagreement, case: Case, left: int) -> tuple[Shown, int]:
    pieces = []
    for column, text in one.texts.items():
        name = column if len(one.texts) > 1 else ""
        if _PICTURE.fullmatch(text):
            fits = len(text) <= left
            left -= len(text) if fits else 0
            said = "" if fits else case.words("disagree.no-picture")
            pieces.append(Piece(name, said, "", text if fits else ""))
            continue
        kept, was_cut = cut(text)
        rest = case.words("disagree.cut", n=len(text) - len(kept)) if was_cut else ""
        pieces.append(Piece(name, kept, rest, ""))
    shown = Shown(
        row=case.words("disagree.row", row=str(one.row)),
        pieces=tuple(pieces),
        truth=_short(one.truth),
        first=_answer(one.first, one.first_confidence, one.truth, case),
        second=_answer(one.second, one.second_confidence, one.truth, case),
    )
    return shown, left


def _answer(text: str, confidence: float | None, truth: str, case: Case) -> Answer:
    sure = "" if confidence is None else numbers.score(confidence, 0.05, percent=True)
    return Answer(
        text=_short(text) if text else case.words("disagree.no-answer"),
        confidence=case.words("disagree.confidence", confidence=sure) if sure else "",
        right=text == truth,
    )


def _short(text: str) -> str:
    kept, was_cut = cut(text, 120)
    return f"{kept}\N{HORIZONTAL ELLIPSIS}" if was_cut else kept
