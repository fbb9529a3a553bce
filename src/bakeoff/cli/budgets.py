"""What the classic comparison says before it starts: who competes, at which budgets, how long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bakeoff.cli.spoken import spoken_s, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bakeoff.contenders.base import Contender
    from bakeoff.plan.classic.part import Part
    from bakeoff.results.together import Missing

_SIDES = {
    "language": "language",
    "deep": "deep learning",
    "classical": "classical",
    "both": "two together",
}
_LABEL = 14


def budget_lines(parts: Sequence[Part], missing: Sequence[Missing], workers: int) -> list[str]:
    """Return the budgets of all parts: rows, folds, seeds, epochs, expected time."""
    said = [piece for part in parts for line in _part(part, workers) for piece in wrap(line)]
    for one in missing:
        said += wrap(f"{one.name}: not here, {one.reason}")
    return [*_headline(parts, missing, workers), *said]


def _headline(parts: Sequence[Part], missing: Sequence[Missing], workers: int) -> list[str]:
    known = [seconds for part in parts if (seconds := part.expected_s(workers)) is not None]
    of = f" of {len(parts) + len(missing)}" if missing else ""
    took = f"about {spoken_s(sum(known))} on {workers} cores" if len(known) == len(parts) else ""
    sets = "set" if len(parts) == 1 else "sets, one after the other"
    return wrap(
        f"the classic comparison: {len(parts)}{of} {sets}"
        + (f", {took}" if took else "")
        + "; the same command goes on where it was stopped"
    )


def _part(part: Part, workers: int) -> Iterator[str]:
    effort = [
        f"about {part.rows:,} rows to learn from" if part.rows else "rows as the hub has them",
        _count(part.options["folds"], "fold"),
        _count(part.options["seeds"], "seed"),
    ]
    seconds = part.expected_s(workers)
    if seconds is not None:
        effort.append(f"about {spoken_s(seconds)}")
    yield f"{part.name}: {', '.join(effort)}"
    for side, contenders in part.contenders().items():
        if contenders:
            yield f"  {_SIDES[side]:<{_LABEL}}{'; '.join(map(_budget, contenders))}"
    if part.options.get("answers"):
        price = part.options["answers_price"][0]
        yield f"  {'answers':<{_LABEL}}a large language model's, made before; ${price} assumed"


def _count(number: object, thing: str) -> str:
    return f"{number} {thing}" + ("" if number == 1 else "s")


def _budget(contender: Contender) -> str:
    """Return a contender with its rows and epochs: ``lstm (5 epochs)``."""
    settings = contender.settings()
    said = []
    if isinstance(rows := settings.get("rows"), int):
        said.append(f"{rows:,} rows")
    if isinstance(epochs := settings.get("epochs"), int):
        said.append(_count(epochs, "epoch"))
    argument = contender.argument()
    name = contender.card.name + (f":{argument}" if argument else "")
    return f"{name} ({', '.join(said)})" if said else name
