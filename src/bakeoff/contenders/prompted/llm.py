"""``llm:MODEL@BASE_URL``: a language model behind any OpenAI-compatible endpoint, asked row by row.

It does not learn. `fit` chooses among wordings on training rows, draws examples from them and asks
some rows twice; `predict` asks, and counts what gave no answer by its cause.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from bakeoff.contenders.base import Calls, Card, parse_settings
from bakeoff.contenders.prompted.choosing import Trial, choose
from bakeoff.contenders.prompted.endpoint import Endpoint
from bakeoff.contenders.prompted.fitted import READ, FittedPrompt
from bakeoff.contenders.prompted.kept import read_prompt
from bakeoff.contenders.prompted.nearest import COMPARED, find_nearness
from bakeoff.contenders.prompted.prompted import Prompted
from bakeoff.core.errors import UsageError
from bakeoff.core.notes import coded
from bakeoff.core.seeds import derive_seed
from bakeoff.data.columns import ColumnType
from bakeoff.models.prompting.render import answer_text
from bakeoff.models.prompting.tokens import estimate_chat, estimate_tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from bakeoff.contenders.base import Contender, Context, Range
    from bakeoff.data.inputs import Inputs
    from bakeoff.models.chat import Ask
    from bakeoff.models.prompting.tokens import Tokens
    from bakeoff.tasks.examples import Examples
    from bakeoff.tasks.spec import TaskSpec

NEAREST = "nearest"
_SAMPLE_ROWS = 50


@dataclass(frozen=True)
class PromptedLlm(Prompted):
    """A prompted language model; the spec's argument is ``MODEL@BASE_URL``.

    The key is read from ``BAKEOFF_LLM_KEY`` (at OpenAI and on this machine also from
    ``OPENAI_API_KEY``) at the moment of a call, and is written nowhere.

    Args:
        endpoint: ``MODEL@BASE_URL``.
        draw: As of `Prompted`, or ``"nearest"``: each row is shown the ``shots`` rows nearest to
            it, by a text encoder where one is at hand, else by words.
        draws: Draws of the examples that are compared on training rows, to see how far the score
            hangs on them; the first is used.
        repeat_rows: Of the rows that wordings are tried on, so many are asked a second time, to see
            how many answers change.
        injection_rows: So many times a hostile text is appended to one of them, to see how many
            answers it changes (200 such texts are known; classes and texts only).
        max_tokens: Of an answer; None: what the longest label needs. A model that thinks aloud
            needs more.
        concurrency: Questions under way at once.
        per_minute: Requests in a minute at the most; None: no limit.
        deadline_s: Seconds for one question, with all its repetitions after faults.
    """

    card: ClassVar[Card] = Card(
        name="llm",
        title="prompted LLM",
        seconds_per_1000=0,
        family="prompted",
        summary="a prompted language model behind any OpenAI-compatible endpoint",
        kinds=frozenset({"classification", "regression"}),
        reads=READ,
        needs=READ,
        extras=("llm",),
        learns=False,
        primed=True,
        metered=True,
        rank=9,
        licence="the model's own",
        source="Brown et al. 2020, 'Language Models are Few-Shot Learners'",
    )

    unsaid: ClassVar[frozenset[str]] = Prompted.unsaid | {
        *("draws", "repeat_rows", "injection_rows"),
        *("concurrency", "per_minute", "deadline_s"),
    }
    draw_kinds: ClassVar[tuple[str, ...]] = ("stratified", "random", NEAREST)

    endpoint: str
    draws: int = 3
    repeat_rows: int = 50
    injection_rows: int = 0
    max_tokens: int | None = None
    concurrency: int = 8
    per_minute: float | None = None
    deadline_s: float = 300.0

    def __post_init__(self) -> None:
        super().__post_init__()
        for name, least in (
            ("draws", 1), ("repeat_rows", 0), ("injection_rows", 0), ("concurrency", 1)
        ):  # fmt: skip
            if getattr(self, name) < least:
                raise UsageError(
                    f"{name}={getattr(self, name)} is too small", why=f"it is {least} or more"
                )
        if self.deadline_s <= 0:
            raise UsageError(f"deadline_s={self.deadline_s} is too small", why="it is above 0")
        if self.draw == NEAREST and not self.shots:
            raise UsageError("draw=nearest shows no rows", fix="say how many: shots=8")

    @classmethod
    def from_spec(
        cls, argument: str, settings: Mapping[str, str], make: Callable[[str], Contender]
    ) -> Contender:
        """Make ``llm:MODEL@BASE_URL``.

        Raises:
            UsageError: It names no model at an address, or a setting is unknown.
        """
        del make
        endpoint = Endpoint.parse(argument)
        return cls(f"{endpoint.model}@{endpoint.base_url}", **parse_settings(cls, settings))

    def argument(self) -> str:
        """Return ``MODEL@BASE_URL``."""
        return self.endpoint

    @property
    def unit(self) -> str:
        """What its tokens are counted and priced under."""
        return f"llm:{self.endpoint}"

    def title(self) -> str:
        """Return the model's name."""
        return Endpoint.parse(self.endpoint).model

    def draw_shots(self, train: Examples, seed: int) -> NDArray[np.int64]:
        """Return positions of the training rows that become examples: ``(m,)``, int64."""
        classes = train.task.classes
        if self.draw == NEAREST:
            return np.flatnonzero(train.targets >= 0 if classes else np.isfinite(train.targets))
        return super().draw_shots(train, seed)

    def refuses(self, task: TaskSpec) -> str | None:
        """Return why a setting cannot be kept with the task."""
        types = {column.type for column in task.inputs}
        if self.injection_rows and (not task.classes or ColumnType.TEXT not in types):
            return "injection_rows= needs classes and a column of texts"
        if self.draw == NEAREST and not types & COMPARED:
            return "draw=nearest needs a column of texts or categories"
        return super().refuses(task)

    def candidates(self, train: Examples, seed: int) -> tuple[list[FittedPrompt], Examples]:
        """Return a prompt for each wording, and the training rows that they are tried on."""
        kept, trial = self.prompts(train, seed)
        if self.draw == NEAREST:
            # No row is shown to itself, so that those that are tried may be shown to others.
            trial = train.take(np.arange(min(self.choice_rows, len(train))))
            nearness = find_nearness(train.inputs)
            kept = [replace(each, nearness=nearness, nearest=self.shots) for each in kept]
        return [FittedPrompt(self, each, train.task) for each in kept], trial

    def redrawn(
        self, prompt: FittedPrompt, train: Examples, trial: Examples, seed: int
    ) -> FittedPrompt:
        """Return a prompt with other examples, none of them among the rows that are tried."""
        free = train.take(np.flatnonzero(~np.isin(train.inputs.ids, trial.inputs.ids)))
        shown = free.take(self.draw_shots(free, seed))
        return replace(
            prompt, kept=replace(prompt.kept, shots=shown.inputs, answers=tuple(shown.targets))
        )

    def _trial(self, rows: int) -> Trial:
        draws = self.draws if self.shots and self.draw != NEAREST else 1
        repeats, injections = self.repeat_rows, self.injection_rows
        return Trial(rows, len(self.wordings()), draws, repeats, injections)

    def calls(self, train: Examples, asked: Inputs) -> Calls:
        """Return questions and tokens, estimated from a few rows by the letters of the prompts."""
        prompts, trial = self.candidates(train, 0)
        sample = asked.take(np.arange(min(_SAMPLE_ROWS, len(asked))))
        n_calls = len(asked) + (self._trial(len(trial)).calls if len(trial) else 0)
        asks = [each.asks(sample) for each in prompts]
        per_call = _mean([estimate_chat(ask.messages) for some in asks for ask in some])
        answer = _mean(
            [estimate_tokens(text) for text in self._answers(prompts[0].shown_task, train)]
        )
        return Calls(
            n_calls,
            _times(per_call, n_calls),
            _times((*answer[:2], float(max(answer[2], prompts[0].most_tokens))), n_calls),
            tuple(_as_text(some[0]) for some in asks if some),
        )

    def _answers(self, task: TaskSpec, train: Examples) -> list[str]:
        shown = train.targets[:_SAMPLE_ROWS]
        return [answer_text(task, float(target)) for target in shown]

    def fit(self, train: Examples, valid: Examples | None, context: Context) -> FittedPrompt:
        """Choose the wording on training rows; note what else moves the answers, and how far.

        Raises:
            EndpointError: The endpoint refuses the key, or does not answer.
            BudgetReachedError: The limit was reached before the prompt was chosen.
        """
        del valid
        tried, rows = self.candidates(train, context.seed)
        self.note_silent(tried[0].shown_task, context)
        nearness = tried[0].kept.nearness
        if nearness is not None:
            how = {"how": "words"} if nearness.encoder is None else {"by": nearness.title}
            context.note(coded("nearest-shots", shots=self.shots, **how))
        tried[0].greet(train.inputs.take([0]), context)
        if not len(rows):
            return tried[0]

        def redraw(prompt: FittedPrompt, number: int) -> FittedPrompt:
            return self.redrawn(prompt, train, rows, derive_seed(context.seed, "draw", number))

        return choose(tried, redraw, rows, self._trial(len(rows)), context)

    def load(self, folder: Path, task: TaskSpec) -> FittedPrompt:
        """Read back what `FittedPrompt.save` wrote.

        Raises:
            ArtefactError: A file is absent or damaged.
        """
        return FittedPrompt(self, read_prompt(folder), task)


def _mean(estimates: Sequence[Tokens]) -> Range:
    n = max(len(estimates), 1)
    ends = ("low", "expected", "high")
    low, expected, high = (sum(getattr(each, end) for each in estimates) / n for end in ends)
    return low, expected, high


def _times(each: Range, n: int) -> Range:
    return each[0] * n, each[1] * n, each[2] * n


def _as_text(ask: Ask) -> str:
    shown = [
        f"[{turn.role}]\n{turn.text}" + "\n(picture)" * len(turn.images) for turn in ask.messages
    ]
    return "\n".join(shown)
