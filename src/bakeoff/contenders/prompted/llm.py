"""``llm:MODEL@BASE_URL``: a language model behind any OpenAI-compatible endpoint, asked row by row.

It does not learn. `fit` chooses among wordings on training rows, draws examples from them and asks
some rows twice; `predict` asks, and counts what gave no answer by its cause.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from bakeoff.contenders.base import Calls, Card, parse_settings
from bakeoff.contenders.prompted.endpoint import Endpoint
from bakeoff.contenders.prompted.fitted import READ, FittedPrompt
from bakeoff.contenders.prompted.kept import read_prompt
from bakeoff.contenders.prompted.prompted import Prompted
from bakeoff.core.errors import UsageError
from bakeoff.models.prompting.render import answer_text
from bakeoff.models.prompting.tokens import estimate_chat, estimate_tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from bakeoff.contenders.base import Contender, Context, Range
    from bakeoff.data.inputs import Inputs
    from bakeoff.models.chat import Ask
    from bakeoff.models.prompting.tokens import Tokens
    from bakeoff.tasks.examples import Examples
    from bakeoff.tasks.spec import TaskSpec

_SAMPLE_ROWS = 50


@dataclass(frozen=True)
class PromptedLlm(Prompted):
    """A prompted language model; the spec's argument is ``MODEL@BASE_URL``.

    The key is read from ``BAKEOFF_LLM_KEY`` (at OpenAI and on this machine also from
    ``OPENAI_API_KEY``) at the moment of a call, and is written nowhere.

    Args:
        endpoint: ``MODEL@BASE_URL``.
        repeat_rows: Of the rows that wordings are tried on, so many are asked a second time, to see
            how many answers change.
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
        metered=True,
        rank=9,
        licence="the model's own",
        source="Brown et al. 2020, 'Language Models are Few-Shot Learners'",
    )

    endpoint: str
    repeat_rows: int = 50
    max_tokens: int | None = None
    concurrency: int = 8
    per_minute: float | None = None
    deadline_s: float = 300.0

    def __post_init__(self) -> None:
        super().__post_init__()
        for name, least in (("repeat_rows", 0), ("concurrency", 1)):
            if getattr(self, name) < least:
                raise UsageError(
                    f"{name}={getattr(self, name)} is too small", why=f"it is {least} or more"
                )
        if self.deadline_s <= 0:
            raise UsageError(f"deadline_s={self.deadline_s} is too small", why="it is above 0")

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
        """Return the model's name, and how many examples it is shown."""
        model = Endpoint.parse(self.endpoint).model
        return f"{model}, {self.shots} shots" if self.shots else model

    def candidates(self, train: Examples, seed: int) -> tuple[list[FittedPrompt], Examples]:
        """Return a prompt for each wording, and the training rows that they are tried on."""
        kept, trial = self.prompts(train, seed)
        return [FittedPrompt(self, each, train.task) for each in kept], trial

    def calls(self, train: Examples, asked: Inputs) -> Calls:
        """Return questions and tokens, estimated from a few rows by the letters of the prompts."""
        prompts, trial = self.candidates(train, 0)
        sample = asked.take(np.arange(min(_SAMPLE_ROWS, len(asked))))
        of_choice = len(trial) if len(prompts) > 1 else 0
        repeated = min(self.repeat_rows, len(trial))
        again = repeated if of_choice else 2 * repeated
        n_calls = of_choice * len(prompts) + again + len(asked)
        asks = [each.asks(sample) for each in prompts]
        per_call = _mean([estimate_chat(ask.messages) for some in asks for ask in some])
        answer = _mean([estimate_tokens(text) for text in self._answers(train)])
        return Calls(
            n_calls,
            _times(per_call, n_calls),
            _times((*answer[:2], float(max(answer[2], prompts[0].most_tokens))), n_calls),
            tuple(_as_text(some[0]) for some in asks if some),
        )

    def _answers(self, train: Examples) -> list[str]:
        shown = train.targets[:_SAMPLE_ROWS]
        return [answer_text(train.task, float(target)) for target in shown]

    def fit(self, train: Examples, valid: Examples | None, context: Context) -> FittedPrompt:
        """Choose the wording on training rows, and see how far wordings and repeats differ.

        The wordings' scores and the share of answers that changed when asked again are noted.

        Raises:
            EndpointError: The endpoint refuses the key, or does not answer.
            BudgetReachedError: The limit was reached before the prompt was chosen.
        """
        del valid
        tried, trial = self.candidates(train, context.seed)
        self.note_silent(train.task, context)
        tried[0].greet(train.inputs.take([0]), context)
        if not len(trial):
            return tried[0]
        best = tried[0]
        if len(tried) > 1:
            best = self.best(tried, trial, context)
        twice = np.arange(min(self.repeat_rows, len(trial)))
        best.note_flips(trial.inputs.take(twice), context)
        return best

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
