"""Each part as the page shows it: a title with its finding, pictures, the numbers behind them."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

from bakeoff.apps.families import architectures, backprop
from bakeoff.apps.families.figures import dots, heat
from bakeoff.apps.families.part import NOTHING, Part
from bakeoff.apps.families.training_views import backprop_part, descent_part, gradient_part
from bakeoff.report import numbers
from bakeoff.report.figures.view import FigureView, Table

if TYPE_CHECKING:
    from bakeoff.apps.families.architectures import Architecture
    from bakeoff.apps.families.record import Families, Map
    from bakeoff.report.words import Words


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
