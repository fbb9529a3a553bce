"""The parts on how nets learn: gradients through time, backpropagation, optimisers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bakeoff.apps.families import gradients, memory
from bakeoff.apps.families.figures import lines
from bakeoff.apps.families.part import NOTHING, Part
from bakeoff.report import numbers
from bakeoff.report.axis import Axis, linear, logarithmic
from bakeoff.report.figures.view import FigureView, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bakeoff.apps.families.gradients import Flow
    from bakeoff.apps.families.record import Families
    from bakeoff.report.figures.canvas import Color
    from bakeoff.report.words import Words

_CELLS: dict[str, tuple[str, Color, bool]] = {
    "rnn": ("RNN", "against", False),
    "lstm": ("LSTM", "choice", False),
    "gru": ("GRU", "ink", False),
    gradients.OPEN_LSTM: ("", "choice", True),
}
_OPTIMISERS: dict[str, tuple[Color, bool]] = {
    "gradient-descent": ("rest", False),
    "sgd": ("rest", True),
    "momentum": ("ink", False),
    "adam": ("choice", False),
    "adamw": ("choice", True),
    "muon": ("against", False),
}


def gradient_part(families: Families, w: Words) -> Part:
    """Return part 2."""
    found = families.gradients
    starts = [flow for flow in found.flows if not flow.trained]
    panels = [
        lines.Panel(
            w(title),
            [_flow_line(flow, w) for flow in flows],
            lambda a, b: linear([1, memory.LENGTH], a, b, pad=0.0),
            _log_axis([norm for flow in found.flows for norm in flow.norms]),
            w("grad.x"),
            w("grad.y"),
        )
        for title, flows in (
            ("grad.start", starts),
            ("grad.trained", [flow for flow in found.flows if flow.trained]),
        )
    ]
    items = ", ".join(
        w("grad.item", cell=_cell(flow.cell, w), left=_tiny(flow.left)) for flow in starts
    )
    alt = w("grad.alt", list=items)
    figure = FigureView(
        name="gradients",
        title=w(
            "grad.title",
            length=memory.LENGTH,
            rnn=_tiny(found.flow("rnn", trained=False).left),
            lstm=_tiny(found.flow("lstm", trained=False).left),
            open=_tiny(found.flow(gradients.OPEN_LSTM, trained=False).left),
        ),
        notes=(w("grad.note", seeds=found.seeds, hidden=memory.HIDDEN, steps=found.steps),),
        wide=lines.picture(panels, "gradients", alt, wide=True),
        narrow=lines.picture(panels, "gradients-n", alt, wide=False),
        table=_gradient_table(families, w),
    )
    text = w("grad.text", length=memory.LENGTH)
    return Part("gradients", w("grad.section"), text, (figure,))


def _gradient_table(families: Families, w: Words) -> Table:
    found = families.gradients
    tried = ", ".join(str(length) for length in gradients.LENGTHS)
    head = (
        *(w("grad.cell"), w("grad.left-start"), w("grad.left-trained")),
        *(w(f"grad.course-{course}") for course in memory.COURSES),
        w("grad.lengths", lengths=tried),
    )
    rows = []
    for cell in (*memory.CELLS, gradients.OPEN_LSTM):
        start = _tiny(found.flow(cell, trained=False).left)
        if cell == gradients.OPEN_LSTM:
            rows.append((_cell(cell, w), start, *[NOTHING] * (len(head) - 2)))
            continue
        recalls = [found.recall(cell, course) for course in memory.COURSES]
        accuracies = [numbers.score(one.at_full_length, percent=True) for one in recalls]
        growing = found.recall(cell, "growing").accuracies
        spread = ", ".join(numbers.score(one, percent=True) for one in growing)
        left = _tiny(found.flow(cell, trained=True).left)
        rows.append((_cell(cell, w), start, left, *accuracies, spread))
    return Table(head, tuple(rows))


def _flow_line(flow: Flow, w: Words) -> lines.Line:
    _, color, dashed = _CELLS[flow.cell]
    points = tuple((float(step), norm) for step, norm in enumerate(flow.norms, 1))
    return lines.Line(_cell(flow.cell, w), points, color, dashed)


def _cell(cell: str, w: Words) -> str:
    return _CELLS[cell][0] or w("grad.open")


def backprop_part(families: Families, w: Words, code: str) -> Part:
    """Return part 3; ``code`` is shown as it is run."""
    found = families.backprop
    mine = tuple((float(step), loss) for step, loss in enumerate(found.losses))
    theirs = tuple((float(step), loss) for step, loss in enumerate(found.autograd_losses))
    panel = lines.Panel(
        w("back.panel"),
        [
            lines.Line(w("back.theirs"), theirs, "choice"),
            lines.Line(w("back.mine"), mine, "against", dashed=True),
        ],
        lambda a, b: linear([0, len(mine)], a, b, pad=0.0),
        lambda a, b: linear([0, max(found.losses)], a, b, pad=0.02),
        w("back.x"),
        w("back.y"),
    )
    first, last = (numbers.significant(found.losses[at], 2) for at in (0, -1))
    alt = w("back.alt", first=first, last=last)
    rows = tuple(
        (name, numbers.significant(found.norms[name], 2), numbers.significant(gap, 2))
        for name, gap in found.differences.items()
    )
    figure = FigureView(
        name="backprop",
        title=w("back.title", difference=numbers.significant(found.largest_difference, 2)),
        notes=(w("back.note"),),
        wide=lines.picture([panel], "backprop", alt, wide=True),
        narrow=lines.picture([panel], "backprop-n", alt, wide=False),
        table=Table((w("back.weight"), w("back.norm"), w("back.difference")), rows),
    )
    share = numbers.percentage(found.accuracy)
    text = w("back.text", steps=len(mine), accuracy=share, rows=found.rows)
    return Part("backprop", w("back.section"), text, (figure,), code=code)


def descent_part(families: Families, w: Words) -> Part:
    """Return part 6."""
    curves = families.curves
    steps = len(curves[0].excess) - 1
    least = {one.optimiser: min(one.finals) for one in curves}
    names = {name: w(f"opt.{name}") for name in least}
    panels = [
        lines.Panel(
            w("down.curves"),
            [
                lines.Line(
                    names[one.optimiser],
                    tuple((float(step), max(value, 1e-9)) for step, value in enumerate(one.excess)),
                    *_OPTIMISERS[one.optimiser],
                )
                for one in curves
            ],
            lambda a, b: linear([0, steps], a, b, pad=0.0),
            _log_axis([max(value, 1e-9) for one in curves for value in one.excess]),
            w("down.x"),
            w("down.y"),
        ),
        lines.Panel(
            w("down.valley"),
            [
                lines.Line(names[one.optimiser], one.points, *_OPTIMISERS[one.optimiser])
                for one in families.paths
            ],
            lambda a, b: linear([x for one in families.paths for x, _ in one.points], a, b),
            lambda a, b: linear([y for one in families.paths for _, y in one.points], a, b),
            w("down.vx"),
            w("down.vy"),
        ),
    ]
    said = ", ".join(f"{names[name]} {numbers.significant(end, 2)}" for name, end in least.items())
    alt = w("down.alt", list=said)
    valley = {one.optimiser: numbers.significant(one.rate, 2) for one in families.paths}
    rows = tuple(
        (
            names[one.optimiser],
            numbers.significant(one.rate, 2),
            numbers.significant(one.excess[steps // 2], 2),
            numbers.significant(least[one.optimiser], 2),
            valley.get(one.optimiser, NOTHING),
        )
        for one in curves
    )
    best, worst = min(least, key=lambda n: least[n]), max(least, key=lambda n: least[n])
    figure = FigureView(
        name="descent",
        title=w("down.title", steps=steps, best=names[best], worst=names[worst]),
        notes=(w("down.note", walk=len(families.paths[0].points) - 1),),
        wide=lines.picture(panels, "descent", alt, wide=True),
        narrow=lines.picture(panels, "descent-n", alt, wide=False),
        table=Table(
            tuple(w(f"down.{key}") for key in ("optimiser", "rate", "half", "end", "valley-rate")),
            rows,
        ),
    )
    return Part("descent", w("down.section"), w("down.text"), (figure,))


def _log_axis(values: Sequence[float]) -> _LogAxis:
    return _LogAxis(min(value for value in values if value > 0), max(values))


@dataclass(frozen=True, slots=True)
class _LogAxis:
    """Makes a logarithmic axis over the same values wherever it is laid; values end at 1e-20."""

    low: float
    high: float

    def __call__(self, start: float, end: float) -> Axis:
        return logarithmic([max(self.low, 1e-20), self.high], start, end)


def _tiny(value: float) -> str:
    return numbers.significant(value, 1)
