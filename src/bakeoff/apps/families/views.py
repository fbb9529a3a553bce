"""Each part as the page shows it: a title with its finding, pictures, the numbers behind them."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bakeoff.apps.families import architectures, backprop, gradients, memory
from bakeoff.apps.families.figures import dots, heat, lines
from bakeoff.report import numbers
from bakeoff.report.axis import Axis, linear, logarithmic
from bakeoff.report.figures.view import FigureView, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bakeoff.apps.families.architectures import Architecture
    from bakeoff.apps.families.gradients import Flow
    from bakeoff.apps.families.record import Families, Map
    from bakeoff.report.figures.canvas import Color
    from bakeoff.report.words import Words

NOTHING = "\N{EN DASH}"
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


@dataclass(frozen=True, slots=True)
class Part:
    """A section: its heading, what it says, its figures, further tables and code."""

    name: str
    title: str
    text: str
    figures: tuple[FigureView, ...]
    tables: tuple[tuple[str, Table], ...] = ()
    missing: str = ""
    code: str = ""


def score(one: Architecture) -> str:
    """Return ``.876 [.845, .902]``, or nothing where it was not run."""
    if one.result is None:
        return NOTHING
    result = one.result
    return numbers.interval(result.accuracy, result.low, result.high, percent=True)


def architecture_table(families: Families, w: Words) -> Table:
    """Return the table of architectures: a row a family."""
    keys = (
        *("family", "rows", "parameters", "learned", "depth", "shared", "seen", "path"),
        *("attention", "flops", "train", "score"),
    )
    rows = tuple(_architecture(one, w) for one in families.architectures)
    return Table(tuple(w(f"arch.{key}") for key in keys), rows)


def _architecture(one: Architecture, w: Words) -> tuple[str, ...]:
    family, build, result = one.family, one.build, one.result
    known = (w(f"arch.shared-{family.shared}"), w("arch.yes" if family.attention else "arch.no"))
    if build is None or result is None:
        blank = (NOTHING,) * 3
        return (
            *(family.title, w(f"arch.{family.rows}"), *blank, known[0], *blank[:2], known[1]),
            *blank,
        )
    is_text = family.rows == architectures.DOCSTRINGS
    return (
        family.title,
        w(f"arch.{family.rows}"),
        numbers.count(build.parameters),
        numbers.count(build.learned),
        str(build.depth),
        known[0],
        w("arch.seen-words", seen=build.seen, all=architectures.WORDS)
        if is_text
        else w("arch.seen-pixels", seen=build.seen),
        NOTHING if build.path is None else str(build.path),
        known[1],
        w("page.unknown") if build.flops is None else numbers.significant(build.flops, 2),
        numbers.duration(result.train_s),
        score(one),
    )


def architecture_part(families: Families, w: Words) -> Part:
    """Return part 1."""
    done = [one for one in families.architectures if one.result is not None]

    def best(wanted: bool) -> str:
        pool = [one for one in done if (one.family.rows == architectures.DOCSTRINGS) == wanted]
        ranked = max(pool, key=lambda one: one.result.accuracy if one.result else 0.0, default=None)
        return NOTHING if ranked is None else ranked.family.title

    marks = [
        dots.Dot(
            one.family.title,
            one.result.accuracy,
            one.result.low,
            one.result.high,
            numbers.score(one.result.accuracy, percent=True),
            "choice" if one.family.rows == architectures.DOCSTRINGS else "against",
            "circle" if one.family.rows == architectures.DOCSTRINGS else "square",
        )
        for one in done
        if one.result is not None
    ]
    alt = w("arch.alt", list=", ".join(f"{dot.name} {dot.said}" for dot in marks))
    low = min((dot.low for dot in marks if dot.low is not None), default=0.0)
    ends = (max(0.0, low - 0.05), 1.0)
    table = architecture_table(families, w)
    figure = FigureView(
        name="architectures",
        title=w("arch.title", text=best(True), picture=best(False)),
        notes=(w("arch.note"),),
        wide=dots.picture(marks, ends, w("arch.axis"), "architectures", alt, wide=True),
        narrow=dots.picture(marks, ends, w("arch.axis"), "architectures-n", alt, wide=False),
        table=table,
    )
    missing = " ".join(
        w("fam.missing", name=one.family.title, reason=one.reason)
        for one in families.architectures
        if one.reason
    )
    words = w("arch.explain", words=architectures.WORDS)
    return Part(
        "architectures", w("arch.section"), w("arch.text"), (figure,), ((words, table),), missing
    )


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


def word_part(families: Families, w: Words) -> Part:
    """Return part 4."""
    found = families.words
    title, text = w("word.section"), w("word.text")
    if found is None:
        reason = w("fam.missing", name="MiniLM", reason=families.skipped.get("minilm", ""))
        return Part("words", title, text, (), missing=reason)
    marks = [
        dots.Dot(word, cosine, None, None, numbers.plain(cosine, 2), "choice")
        for word, cosine in found.cosines.items()
    ] + [dots.Dot("Word2Vec", 1.0, None, None, "1", "rest", "square")]
    least = min(found.cosines, key=lambda word: found.cosines[word])
    alt = w("word.alt", list=", ".join(f"{dot.name} {dot.said}" for dot in marks))
    ends = (min(0.5, *found.cosines.values()), 1.0)
    near = tuple(
        (one.word, ", ".join(f"{word} ({numbers.plain(c, 2)})" for word, c in one.found))
        for one in found.word2vec
    )
    occurrences = tuple(
        (one.word, one.sentence, " / ".join(f"{s} ({numbers.plain(c, 2)})" for s, c in one.found))
        for one in found.occurrences
    )
    both = Table((w("word.word"), w("word.sentence"), w("word.near-occurrences")), occurrences)
    figure = FigureView(
        name="words",
        title=w("word.title", word=least, cosine=numbers.plain(found.cosines[least], 2)),
        notes=(w("word.note"),),
        wide=dots.picture(marks, ends, w("word.axis"), "words", alt, wide=True),
        narrow=dots.picture(marks, ends, w("word.axis"), "words-n", alt, wide=False),
        table=Table((w("word.word"), w("word.axis")), tuple((dot.name, dot.said) for dot in marks)),
    )
    tables = [(w("word.minilm"), both)]
    if near:
        tables.insert(0, (w("word.word2vec"), Table((w("word.word"), w("word.near")), near)))
    missing = w("fam.missing", name="Word2Vec", reason=found.reason) if found.reason else ""
    return Part("words", title, text, (figure,), tuple(tables), missing)


def attention_part(families: Families, w: Words) -> Part:
    """Return part 5."""
    encoder = [one for one in families.maps if one.model == "minilm"]
    own = [one for one in families.maps if one.model == "transformer"]
    figures = []
    if encoder:
        title = w(
            "look.title",
            sharp=numbers.plain(encoder[0].spread, 1),
            length=len(encoder[0].tokens),
            last=numbers.plain(encoder[-1].spread, 1),
        )
        figures.append(_maps(encoder, "attention", title, w))
    if own:
        title = w(
            "look.title-own",
            first=numbers.plain(own[0].spread, 1),
            length=len(own[0].tokens),
        )
        figures.append(_maps(own, "attention-own", title, w))
    reason = families.skipped.get("minilm", "")
    missing = w("fam.missing", name="MiniLM", reason=reason) if reason else ""
    return Part("attention", w("look.section"), w("look.text"), tuple(figures), missing=missing)


def _maps(maps: list[Map], name: str, title: str, w: Words) -> FigureView:
    titles = [
        w("look.mean", layer=one.layer)
        if one.head is None
        else w("look.head", layer=one.layer, head=one.head)
        for one in maps
    ]
    alt = w("look.alt", tokens=" ".join(maps[0].tokens))
    rows = []
    for one, called in zip(maps, titles, strict=True):
        for token, shares in zip(one.tokens, one.shares, strict=True):
            at = shares.index(max(shares))
            most = f"{one.tokens[at]} ({numbers.plain(shares[at], 2)})"
            rows.append((called, token, most, numbers.plain(one.spread, 1)))
    head = (w("look.map"), w("look.token"), w("look.most"), w("look.spread"))
    return FigureView(
        name=name,
        title=title,
        notes=(w("look.note"),),
        wide=heat.picture(maps, titles, name, alt, wide=True),
        narrow=heat.picture(maps, titles, f"{name}-n", alt, wide=False),
        table=Table(head, tuple(rows)),
    )


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


def parts(families: Families, w: Words) -> tuple[Part, ...]:
    """Return all parts in their order."""
    code = "\n\n".join(
        inspect.getsource(step)
        for step in (backprop.forward, backprop.output_error, backprop.backward, backprop.update)
    )
    return (
        architecture_part(families, w),
        gradient_part(families, w),
        backprop_part(families, w, code),
        word_part(families, w),
        attention_part(families, w),
        descent_part(families, w),
    )
