"""``hf-llm:NAME_OR_FOLDER``: a language model in a checkpoint here, asked without any server.

It does not learn. `fit` chooses among wordings on training rows and draws examples from them, as
``llm:`` does; `predict` compares how likely each possible answer is as the model's next words, so
that every row gets one, with probabilities. Where language itself is modelled it is told nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from bakeoff.contenders.base import Card, parse_settings
from bakeoff.contenders.prompted.kept import read_prompt
from bakeoff.contenders.prompted.local_fitted import LOCAL_READ, LocalPrompt
from bakeoff.contenders.prompted.local_texts import LocalTexts
from bakeoff.contenders.prompted.prompted import AUTO, Prompted
from bakeoff.core.errors import ArtefactError, UsageError, UserError
from bakeoff.data.columns import ColumnType
from bakeoff.models.causal_source import find_causal
from bakeoff.models.encoder_source import encoder_title, find_saved
from bakeoff.models.state import load_state

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from bakeoff.contenders.base import Contender, Context, Fitted
    from bakeoff.tasks.examples import Examples
    from bakeoff.tasks.spec import TaskSpec

_FEWEST_NUMBERS = 2
_DRAW_SEED = 0
_TEXTS = "language-modelling"


@dataclass(frozen=True)
class LocalLlm(Prompted):
    """A prompted local language model; the spec's argument is a folder or a name on the hub.

    Numbers: the model is asked how likely each of some evenly spread numbers is, and answers with
    their mean weighted by that, so that no answer is unreadable and each can lie between them.

    Args:
        checkpoint: A folder with config.json, model.safetensors and a tokenizer, or a name on the
            Hugging Face hub.
        numbers: For regression: how many numbers from the lowest to the highest among the training
            rows are compared.
    """

    card: ClassVar[Card] = Card(
        name="hf-llm",
        title="local LLM",
        seconds_per_1000=0,
        family="prompted",
        summary="a prompted causal language model from a folder or the hub, without a server",
        kinds=frozenset({"classification", "regression", "language-modelling"}),
        reads=LOCAL_READ,
        needs=LOCAL_READ,
        abilities=frozenset({"probabilities", "confidence"}),
        extras=("torch",),
        learns=False,
        primed=True,
        hosted=True,
        rank=9,
        licence="the checkpoint's own",
        source="Brown et al. 2020, 'Language Models are Few-Shot Learners'",
        pretrained=True,
    )

    checkpoint: str
    numbers: int = 21

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.numbers < _FEWEST_NUMBERS:
            raise UsageError(
                f"numbers={self.numbers} is too small", why=f"it is {_FEWEST_NUMBERS} or more"
            )

    @classmethod
    def from_spec(
        cls, argument: str, settings: Mapping[str, str], make: Callable[[str], Contender]
    ) -> Contender:
        """Make ``hf-llm:NAME_OR_FOLDER``.

        Raises:
            UsageError: It names no checkpoint, or a setting is unknown.
        """
        del make
        if not argument.strip() or "checkpoint" in settings:
            raise UsageError(
                "'hf-llm' needs a causal checkpoint",
                fix="write hf-llm:FOLDER, or hf-llm:NAME for one on the Hugging Face hub",
            )
        return cls(argument.strip(), **parse_settings(cls, settings))

    def argument(self) -> str:
        """Return the checkpoint."""
        return self.checkpoint

    def title(self) -> str:
        """Return the model's name, and how many examples it is shown."""
        name = encoder_title(self.checkpoint)
        return f"{name}, {self.shots} shots" if self.shots else name

    def refuses(self, task: TaskSpec) -> str | None:
        """Return why not: no such checkpoint, or one that cannot go on with a text."""
        reason = super().refuses(task)
        if reason:
            return reason
        if task.kind == _TEXTS and (self.shots or self.wording != AUTO):
            return "wording= and shots= are of prompts, and language is modelled without any"
        try:
            find_causal(self.checkpoint)
        except UserError as error:
            return "; ".join(part for part in (error.what, error.why, error.fix) if part)
        return None

    def fit(self, train: Examples, valid: Examples | None, context: Context) -> Fitted:
        """Choose the wording on training rows, and note how all of them did.

        Where language is modelled nothing is chosen.

        Raises:
            ArtefactError: The checkpoint cannot be used.
            ContenderError: The prompt leaves no place for a row.
        """
        del valid
        if train.task.kind == _TEXTS:
            (column,) = train.inputs.named(ColumnType.TEXT)
            return LocalTexts(column, find_causal(self.checkpoint))
        # Not by the context's seed: one that does not learn makes one pass, and its card says so.
        kept, trial = self.prompts(train, _DRAW_SEED)
        self.note_silent(kept[0].shown(train.task), context)
        source = find_causal(self.checkpoint)
        tried = [LocalPrompt(self, each, train.task, source) for each in kept]
        tried = [each.ready(train.inputs.take(np.arange(1)), context) for each in tried]
        if len(tried) == 1 or not len(trial):
            return tried[0]
        return self.best(tried, trial, context)

    def load(self, folder: Path, task: TaskSpec) -> Fitted:
        """Read back what `LocalPrompt.save` or `LocalTexts.save` wrote.

        Raises:
            ArtefactError: A file is absent or damaged, or the checkpoint is not here.
        """
        state = load_state(folder)
        asked, digest = (str(state.values.get(name, "")) for name in ("checkpoint", "digest"))
        source = find_saved(asked, digest)
        if not source.checkpoint.causal:
            raise ArtefactError("the saved model's checkpoint is no language model")
        if task.kind == _TEXTS:
            return LocalTexts(state.texts("columns")[0], source)
        cached = bool(state.number("cached"))
        return LocalPrompt(self, read_prompt(folder), task, source, cached=cached)
