"""What all combined contenders share: their parts, the card made of the parts' cards, and saving.

A part is shown the task's inputs and the columns that it asks for, nothing that another part asked
for: an ordinary contender beside ``answers:gpt`` never sees what gpt answered.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bakeoff.contenders.artefacts import load_model, save_model
from bakeoff.contenders.base import Card, Contender, Fitted
from bakeoff.contenders.registry import split_parts
from bakeoff.core.errors import UsageError
from bakeoff.tasks.examples import Examples

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bakeoff.contenders.base import Context
    from bakeoff.data.inputs import Inputs
    from bakeoff.tasks.predictions import Predictions
    from bakeoff.tasks.spec import TaskSpec


@dataclass(frozen=True)
class Combined(Contender):
    """A contender made of others; subclasses give `parts`, ``fit`` and ``load``."""

    def __post_init__(self) -> None:
        # What it can read, do and cost follows from its parts, so each instance has its own card.
        object.__setattr__(self, "card", self.own_card())

    def own_card(self) -> Card:
        """Return the card of this combination; a subclass adds abilities that its parts give it."""
        return combined_card(type(self).card, self.parts())

    def columns(self) -> tuple[str, ...]:
        """Return the columns that any part asks for, each once."""
        return tuple(dict.fromkeys(name for part in self.parts() for name in part.columns()))

    def predict_columns(self) -> tuple[str, ...]:
        """Return the columns that any part still asks for once it is fitted, each once."""
        names = (name for part in self.parts() for name in part.predict_columns())
        return tuple(dict.fromkeys(names))

    def refuses(self, task: TaskSpec) -> str | None:
        """Return the first refusal of a part, with its name."""
        for part in self.parts():
            reason = part.refuses(task)
            if reason is not None:
                return f"its part '{part.name}' cannot: {reason}"
        return super().refuses(task)


def combined_card(own: Card, parts: tuple[Contender, ...]) -> Card:
    """Return the card of a combination: what all parts can do, and all that any part needs.

    The rank of a class says how many places its combinations come after their dearest part.
    """
    cards = [part.card for part in parts]
    return replace(
        own,
        kinds=own.kinds.intersection(*(card.kinds for card in cards)),
        reads=frozenset().union(*(card.reads for card in cards)),
        extras=tuple(sorted({extra for card in cards for extra in card.extras})),
        deterministic=own.deterministic and all(card.deterministic for card in cards),
        isolate=any(card.isolate for card in cards),
        rank=own.rank + max(card.rank for card in cards),
        licence=" and ".join(sorted({card.licence for card in cards})),
    )


@dataclass(frozen=True, slots=True)
class FittedPart(Fitted):
    """A part and what it has learned."""

    contender: Contender
    task: TaskSpec
    fitted: Fitted

    def predict(self, inputs: Inputs, context: Context) -> Predictions:
        """Return the part's predictions from the columns that it may see."""
        return self.fitted.predict(shown(self.contender, self.task, inputs), context)

    def save(self, folder: Path) -> None:
        """Write the part as a model of its own."""
        save_model(self.contender, self.task, self.fitted, folder)

    @classmethod
    def load(cls, folder: Path) -> FittedPart:
        """Read back what `save` wrote.

        Raises:
            ArtefactError: It is absent, of another version, or was changed.
        """
        saved = load_model(folder)
        return cls(saved.contender, saved.task, saved.fitted)


def shown(part: Contender, task: TaskSpec, inputs: Inputs) -> Inputs:
    """Return the inputs as the part may see them: of its own columns, those that are there.

    Whether a column is there that it cannot do without, it knows best itself.
    """
    there = {column.name for column in inputs.columns}
    own = [name for name in part.columns() if name in there]
    return inputs.select((*task.input_names, *own))


def fit_part(
    part: Contender, train: Examples, valid: Examples | None, context: Context
) -> FittedPart:
    """Fit one part through the context, which reuses a fit that exists.

    Raises:
        ContenderError: The part cannot be fitted with these rows.
    """

    def view(rows: Examples) -> Examples:
        return Examples(rows.task, shown(part, rows.task, rows.inputs), rows.targets, rows.soft)

    fitted = context.fit(part, view(train), None if valid is None else view(valid))
    return FittedPart(part, train.task, fitted)


def save_parts(parts: tuple[FittedPart, ...], folder: Path) -> None:
    """Write each part into its own numbered subfolder."""
    for number, part in enumerate(parts):
        part.save(folder / f"part-{number}")


def load_parts(folder: Path, n_parts: int) -> tuple[FittedPart, ...]:
    """Read back what `save_parts` wrote."""
    return tuple(FittedPart.load(folder / f"part-{number}") for number in range(n_parts))


def parse_parts(
    name: str, argument: str, make: Callable[[str], Contender]
) -> tuple[Contender, ...]:
    """Return the contenders that ``A+B+C`` names.

    Raises:
        UsageError: There are fewer than two.
    """
    specs = split_parts(argument, "+")
    if len(specs) < 2 or not all(specs):
        raise UsageError(
            f"'{name}' needs two parts or more, got '{argument}'", fix=f"write {name}:A+B"
        )
    return tuple(make(spec) for spec in specs)


def parse_pair(
    form: str, argument: str, make: Callable[[str], Contender]
) -> tuple[Contender, Contender]:
    """Return the contenders that ``FIRST>SECOND`` names.

    Args:
        form: How it is written, for the message.
        argument: What was written after the colon.
        make: Turns a spec into a contender.

    Raises:
        UsageError: There are not two.
    """
    specs = split_parts(argument, ">")
    if len(specs) != 2 or not all(specs):
        raise UsageError(
            f"'{form.partition(':')[0]}' has two parts, got '{argument}'",
            fix=f"write {form}; a part with > or + in it in parentheses",
        )
    first, second = (make(spec) for spec in specs)
    return first, second
