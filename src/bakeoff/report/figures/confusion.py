"""Confusion: of each true class, what share was taken for which other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bakeoff.report import numbers
from bakeoff.report.figures.canvas import NARROW, SMALL, WIDE, Canvas, Type
from bakeoff.report.figures.view import FigureView, Table
from bakeoff.report.visible import short

if TYPE_CHECKING:
    from markupsafe import Markup

    from bakeoff.report.case import Case
    from bakeoff.report.figures.canvas import Color
    from bakeoff.results.analysis import Confusion

MOST_CLASSES = 15
_FEW_CLASSES = 4


@dataclass(frozen=True, slots=True)
class Grid:
    """The table that is drawn: true classes down, predicted classes across."""

    down: tuple[str, ...]
    across: tuple[str, ...]
    """As ``down``, and one more where answers are missing."""
    counts: tuple[tuple[int, ...], ...]
    summed: int
    """How many classes the last row and column sum up; 0 if none."""

    def share(self, truth: int, predicted: int) -> float:
        """Return which share of a true class was given a predicted one."""
        total = sum(self.counts[truth])
        return self.counts[truth][predicted] / total if total else 0.0

    def worst(self) -> tuple[int, int] | None:
        """Return the largest share off the diagonal among the classes that stand alone."""
        alone = len(self.down) - bool(self.summed)
        cells = [
            (truth, predicted)
            for truth in range(alone)
            for predicted in range(len(self.across))
            if truth != predicted and (predicted < alone or predicted >= len(self.down))
        ]
        worst = max(cells, key=lambda cell: self.share(*cell), default=None)
        return worst if worst is not None and self.share(*worst) > 0 else None


def arrange(confusion: Confusion, case: Case) -> Grid:
    """Return the most confused classes first, those beyond `MOST_CLASSES` summed in one."""
    counts, n = confusion.counts, len(confusion.classes)
    wrong = [
        sum(counts[k]) - counts[k][k] + sum(counts[other][k] for other in range(n)) - counts[k][k]
        for k in range(n)
    ]
    order = sorted(range(n), key=lambda k: (-wrong[k], k))
    alone = order if n <= MOST_CLASSES else order[: MOST_CLASSES - 1]
    groups = [[k] for k in alone]
    names = [confusion.classes[k] for k in alone]
    if len(alone) < n:
        groups.append(order[len(alone) :])
        names.append(case.words("confusion.rest", n=n - len(alone)))
    across = list(groups)
    heads = list(names)
    if any(len(row) > n and row[n] for row in counts):
        across.append([n])
        heads.append(case.words("confusion.no-answer"))
    table = tuple(
        tuple(sum(counts[k][j] for k in down for j in over) for over in across) for down in groups
    )
    return Grid(tuple(names), tuple(heads), table, n - len(alone))


def draw(confusion: Confusion, case: Case, number: int) -> FigureView | None:
    """Return the confusion of one contender, or None where there are no classes."""
    if not confusion.classes:
        return None
    grid, words = arrange(confusion, case), case.words
    name, label = f"confusion-{number}", case.label(confusion.name)
    notes = [words("confusion.note")]
    if grid.summed:
        notes.append(words("confusion.note-rest", n=grid.summed))
    worst = grid.worst()
    said = words("confusion.nothing") if worst is None else _worst(grid, worst, case)
    alt = words("confusion.alt", name=label, n=len(confusion.classes), worst=said)
    return FigureView(
        name=name,
        title=_title(grid, worst, label, case),
        notes=tuple(notes),
        wide=_picture(grid, case, name, alt, wide=True),
        narrow=_picture(grid, case, f"{name}-narrow", alt, wide=False),
        table=_table(grid, case),
        half=_is_small(grid),
    )


def _is_small(grid: Grid) -> bool:
    return len(grid.across) <= _FEW_CLASSES


def _worst(grid: Grid, worst: tuple[int, int], case: Case) -> str:
    truth, predicted = grid.down[worst[0]], grid.across[worst[1]]
    share = numbers.percentage(grid.share(*worst))
    return case.words(
        "confusion.worst", truth=short(truth, 40), predicted=short(predicted, 40), share=share
    )


def _title(grid: Grid, worst: tuple[int, int] | None, label: str, case: Case) -> str:
    if worst is None:
        return case.words("confusion.none", name=label)
    missing = worst[1] >= len(grid.down)
    return case.words(
        "confusion.missing" if missing else "confusion.title",
        name=label,
        share=numbers.percentage(grid.share(*worst)),
        truth=short(grid.down[worst[0]], 30),
        predicted=short(grid.across[worst[1]], 30),
    )


def _picture(grid: Grid, case: Case, name: str, alt: str, *, wide: bool) -> Markup:
    width, room = (WIDE, 200.0) if wide else (NARROW, 118.0)
    if wide and _is_small(grid):
        width, room = (WIDE - 36) // 2, 150.0
    side = min((width - room - 8) / len(grid.across), 64 if wide else 56)
    top = 42
    canvas = Canvas(width, top + side * len(grid.down) + 12)
    muted = Type("start", SMALL, "muted")
    canvas.text((room, 12), case.words("confusion.predicted"), muted)
    canvas.text((0, top - 8), case.words("confusion.truth"), muted)
    size = min(SMALL, side * 0.42)
    for place in range(len(grid.across)):
        text = str(place + 1) if place < len(grid.down) else "\N{EM DASH}"
        set_as = Type("middle", min(SMALL, side * 0.62), "muted")
        canvas.text((room + side * (place + 0.5), top - 8), text, set_as)
    for truth, label in enumerate(grid.down):
        y = top + side * (truth + 0.5)
        cut = short(label, int((room - 24) / 7.6))
        canvas.text((22, y + 4.5), cut, Type("start", SMALL if side < 20 else 13))
        canvas.text((16, y + 4.5), str(truth + 1), Type("end", SMALL, "muted"))
        for predicted in range(len(grid.across)):
            corner = (room + side * predicted, top + side * truth)
            _cell(canvas, grid, (truth, predicted), corner, side, size)
    return canvas.svg(name, alt)


def _cell(
    canvas: Canvas,
    grid: Grid,
    cell: tuple[int, int],
    corner: tuple[float, float],
    side: float,
    size: float,
) -> None:
    share, right = grid.share(*cell), cell[0] == cell[1]
    canvas.rect((corner[0] + 1, corner[1] + 1), side - 2, side - 2, "band", opacity=0.5)
    if share <= 0:
        return
    # The root lets the few mistakes be seen beside the many right answers.
    opacity = share * 0.85 + 0.05 if right else min(share**0.5, 1.0) * 0.8 + 0.05
    color: Color = "choice" if right else "ink"
    canvas.rect((corner[0] + 1, corner[1] + 1), side - 2, side - 2, color, opacity=opacity)
    if side >= 19:
        text = "<1" if share < 0.005 else numbers.plain(100 * share, 0)
        at = (corner[0] + side / 2, corner[1] + side / 2 + size * 0.35)
        canvas.text(at, text, Type("middle", size, "paper" if opacity > 0.5 else "ink", right))


def _table(grid: Grid, case: Case) -> Table:
    return Table(
        head=(case.words("confusion.truth"), *grid.across),
        rows=tuple(
            (label, *(numbers.count(number) for number in counts))
            for label, counts in zip(grid.down, grid.counts, strict=True)
        ),
    )
