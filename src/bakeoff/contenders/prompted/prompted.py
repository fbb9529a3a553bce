"""What prompted models have in common: a wording, examples, and their choice on training rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Protocol, TypeVar

import numpy as np

from bakeoff.contenders.base import Contender
from bakeoff.contenders.prompted.kept import KeptPrompt
from bakeoff.core.errors import UsageError, did_you_mean
from bakeoff.models.label_names import why_meaningless
from bakeoff.models.prompting.names import SUFFIXES as NAMES
from bakeoff.models.prompting.names import load_names
from bakeoff.models.prompting.shots import random_shots, spread_shots, stratified_shots
from bakeoff.models.prompting.wording import SUFFIX, built_in, load_wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bakeoff.contenders.base import Context
    from bakeoff.models.prompting.wording import Wording
    from bakeoff.tasks.examples import Examples
    from bakeoff.tasks.predictions import Predictions
    from bakeoff.tasks.spec import TaskSpec

AUTO = "auto"


class Tried(Protocol):
    """A prompt that can be tried on training rows."""

    @property
    def kept(self) -> KeptPrompt:
        """Its words and examples."""

    def tried_on(self, trial: Examples, context: Context) -> Predictions:
        """Predict training rows."""


SomePrompt = TypeVar("SomePrompt", bound=Tried)


@dataclass(frozen=True, kw_only=True)
class Prompted(Contender):
    """A model that is told what to do in words; a subclass says which model, and how it is asked.

    Args:
        wording: ``"auto"``: the built-in wording that does best on training rows; else the name of
            one, or a Jinja file of your own.
        shots: Examples in the prompt: of each class, or for numbers in all.
        draw: How they are drawn from the training rows: ``"stratified"`` (so many of each class;
            numbers from all parts of their range) or ``"random"`` (as many in all).
        names: A JSON or CSV file that says by which words the classes go in the prompt; empty: by
            their own names.
        choice_rows: Training rows that each wording is tried on.
    """

    unsaid: ClassVar[frozenset[str]] = frozenset({"choice_rows"})
    draw_kinds: ClassVar[tuple[str, ...]] = ("stratified", "random")

    wording: str = AUTO
    shots: int = 0
    draw: str = "stratified"
    names: str = ""
    choice_rows: int = 50

    def __post_init__(self) -> None:
        for name, least in (("shots", 0), ("choice_rows", 1)):
            if getattr(self, name) < least:
                raise UsageError(
                    f"{name}={getattr(self, name)} is too small", why=f"it is {least} or more"
                )
        if self.draw not in self.draw_kinds:
            raise UsageError(
                f"draw={self.draw} is not known", fix=did_you_mean(self.draw, self.draw_kinds)
            )
        if self.names and not self.names.endswith(NAMES):
            kinds = " or ".join(NAMES)
            raise UsageError(f"names={self.names} is not known", why=f"it ends in {kinds}")
        if self.wording != AUTO and not self.wording.endswith(SUFFIX):
            known = (AUTO, *built_in())
            if self.wording not in known:
                raise UsageError(
                    f"no wording '{self.wording}'",
                    fix=f"{did_you_mean(self.wording, known)}; or the path of a {SUFFIX} file",
                )

    def files(self) -> tuple[str, ...]:
        """Return the user's own wording, and the file that names the classes."""
        own = (self.wording,) if self.wording.endswith(SUFFIX) else ()
        return (*own, self.names) if self.names else own

    def refuses(self, task: TaskSpec) -> str | None:
        """Return why a setting cannot be kept with the task."""
        if self.names and not task.classes:
            return "names= gives words to classes, and this task has none"
        return super().refuses(task)

    def wordings(self) -> tuple[Wording, ...]:
        """Return the wordings that are tried.

        Raises:
            UsageError: A file is absent or no wording.
        """
        names = built_in() if self.wording == AUTO else (self.wording,)
        return tuple(load_wording(name) for name in names)

    def draw_shots(self, train: Examples, seed: int) -> NDArray[np.int64]:
        """Return positions of the training rows that become examples: ``(m,)``, int64."""
        classes = train.task.classes
        if self.draw == "random":
            return random_shots(len(train), self.shots * max(1, len(classes)), seed)
        if classes:
            return stratified_shots(train.targets, self.shots, seed)
        return spread_shots(train.targets, self.shots, seed)

    def prompts(self, train: Examples, seed: int) -> tuple[list[KeptPrompt], Examples]:
        """Return a prompt for each wording, and the training rows that they are tried on."""
        chosen = self.draw_shots(train, seed)
        shown = train.take(chosen)
        scale = None
        if not train.task.classes:
            scale = float(train.targets.min()), float(train.targets.max())
        names = load_names(self.names, train.task.classes) if self.names else ()
        kept = [
            KeptPrompt(wording, shown.inputs, tuple(shown.targets), scale, names)
            for wording in self.wordings()
        ]
        rest = np.setdiff1d(np.arange(len(train)), chosen)[: self.choice_rows]
        return kept, train.take(rest)

    def best(self, tried: Sequence[SomePrompt], trial: Examples, context: Context) -> SomePrompt:
        """Return the prompt that does best on training rows, and note how all of them did."""
        scores = [context.score(each.tried_on(trial, context), trial) for each in tried]
        told = ", ".join(
            f"{each.kept.wording.name} {score:.3g}"
            for each, score in zip(tried, scores, strict=True)
        )
        context.note(f"wordings on {len(trial)} training rows: {told}")
        return tried[int(np.argmax(scores))]

    def note_silent(self, task: TaskSpec, context: Context) -> None:
        """Note that the class names say nothing, where the model is told nothing else of them.

        Args:
            task: As the model is told it.
            context: Takes the note.
        """
        silent = why_meaningless(task.classes) if task.classes else None
        if silent and not self.shots and self.wording in (AUTO, *built_in()):
            context.note(
                f"the model is told nothing of what the classes mean: {silent}; words for them "
                "(names=FILE), examples (shots=2) or a wording of your own would tell it"
            )
