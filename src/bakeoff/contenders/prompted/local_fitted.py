"""A chosen prompt before a local language model: rows as tokens, answers by their likelihood."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import softmax

from bakeoff.contenders.base import Facts, Fitted
from bakeoff.contenders.prompted.fitted import READ
from bakeoff.contenders.prompted.kept import write_prompt
from bakeoff.core.errors import ContenderError
from bakeoff.data.columns import ColumnType
from bakeoff.models.prompting.conversation import chat_frame, plain_frame
from bakeoff.models.prompting.render import answer_text
from bakeoff.models.state import save_state
from bakeoff.tasks.predictions import Predictions

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from bakeoff.contenders.base import Context
    from bakeoff.contenders.prompted.kept import KeptPrompt
    from bakeoff.contenders.prompted.local import LocalLlm
    from bakeoff.data.inputs import Inputs
    from bakeoff.models.causal import CausalModel
    from bakeoff.models.encoder_source import EncoderSource
    from bakeoff.models.state import Value
    from bakeoff.tasks.examples import Examples
    from bakeoff.tasks.spec import TaskSpec
    from bakeoff.training.causal_scores import Questions

LOCAL_READ = READ - {ColumnType.IMAGE}
"""Types of columns that a local prompt shows."""

PREFILL = "prefill_tokens"
"""Unit: tokens that the model read, a prompt's common beginning once in a process."""
PREFILL_WHOLE = "prefill_tokens_without_cache"
"""Unit: tokens that it would have read if every row's prompt were read whole, once."""
TOO_LONG = "too-long"
"""Status of a row that does not fit into what the model can hold at once."""


@dataclass(frozen=True, slots=True)
class LocalPrompt(Fitted):
    """A wording with its examples, and the model that goes on with it.

    Args:
        contender: Its settings.
        kept: Words and examples.
        task: What is asked.
        source: The checkpoint.
        cached: Whether keys and values are shared between rows and answers.
    """

    contender: LocalLlm
    kept: KeptPrompt
    task: TaskSpec
    source: EncoderSource
    cached: bool = True

    def model(self) -> CausalModel:
        """Return the model, loaded once in a process."""
        from bakeoff.models.causal import load_causal

        return load_causal(self.source)

    def ready(self, inputs: Inputs, context: Context) -> LocalPrompt:
        """Return itself, in the way that this model can be asked.

        Args:
            inputs: A row to try it on.
            context: Of the fit.

        Raises:
            ContenderError: The prompt leaves no place for a row.
        """
        from bakeoff.training.causal_scores import few_answers, why_not_cached

        asked, model = self.questions(inputs), self.model()
        least = len(asked.prefix) + len(asked.tree.form) + asked.tree.longest
        if least > model.longest:
            raise ContenderError(
                f"the prompt alone has {least:,} tokens, and {self.source.title} holds "
                f"{model.longest:,}: show fewer examples (shots={self.contender.shots}), take "
                "wording=plain, or a model that holds more"
            )
        few = few_answers(asked)
        context.meter.add(PREFILL, float((few.plain_tokens() + few.whole_tokens()).sum()))
        reason = why_not_cached(model, few, device=context.device, threads=context.threads)
        if reason is None:
            return self
        context.note(f"{self.source.title} is asked the slow way, each answer anew: {reason}")
        return replace(self, cached=False)

    def grid(self) -> NDArray[np.float64]:
        """Return the numbers that are compared: ``(n,)``, float64, rising."""
        low, high = self.kept.scale or (0.0, 1.0)
        if low == high:
            return np.array([low])
        numbers = np.linspace(low, high, self.contender.numbers)
        # To a tenth of their distance, so that they stay short.
        digits = 1 - int(np.floor(np.log10(numbers[1] - numbers[0])))
        return np.unique(np.round(numbers, digits))

    def questions(self, inputs: Inputs) -> Questions:
        """Return the rows as the model reads them."""
        from bakeoff.models.answer_tree import answer_tree
        from bakeoff.training.causal_scores import Questions

        model = self.model()
        said, questions = self.kept.said(inputs, self.task, LOCAL_READ)
        if model.chat.chat_template:
            frame, leading = chat_frame(model.chat, said), []
        else:
            frame, leading = plain_frame(said), model.leading()
        (beginning,) = model.tokens([frame.before], marks=True)
        rows = model.tokens_after(frame.before, [question.text for question in questions])
        # Every row's words end with the same line, so what follows is the same tokens for all.
        last = questions[0].text.rpartition("\n")[2] if questions else ""
        (after,) = model.tokens_after(last, [frame.after], marks=True)
        answers = model.tokens_after(frame.after, self.answers())
        return Questions(
            np.array([*leading, *beginning], dtype=np.int64),
            tuple(np.array([*row, *after], dtype=np.int64) for row in rows),
            answer_tree(answers),
        )

    def answers(self) -> list[str]:
        """Return every answer that is compared, in the form that the wordings ask for."""
        task = self.kept.shown(self.task)
        codes = self.grid() if not task.classes else range(len(task.classes))
        return [answer_text(task, float(code)) for code in codes]

    def predict(self, inputs: Inputs, context: Context) -> Predictions:
        """Return the likeliest class, or the mean of the numbers, of each row.

        A row that does not fit into what the model can hold has the status ``"too-long"``.

        Raises:
            BudgetReachedError: The limit of `PREFILL` is reached.
        """
        from bakeoff.training.causal_scores import answer_scores, is_kept

        asked, model = self.questions(inputs), self.model()
        used = asked.shared_tokens() if self.cached else asked.plain_tokens()
        fits = asked.needed() <= model.longest
        self._note_long(inputs, asked, model, context)
        ready = not self.cached or is_kept(model, asked.prefix, context.device)
        beginning = 0 if ready or not fits.any() else len(asked.prefix)
        context.meter.add(PREFILL, float(used[fits].sum()) + beginning)
        context.meter.add(PREFILL_WHOLE, float(asked.whole_tokens()[fits].sum()))
        scores = answer_scores(
            model, asked, device=context.device, threads=context.threads, cached=self.cached
        )
        return self._read(inputs, scores, fits, used)

    def tried_on(self, trial: Examples, context: Context) -> Predictions:
        """Predict training rows."""
        return self.predict(trial.inputs, context)

    def save(self, folder: Path) -> None:
        """Write the words and the examples; of the checkpoint its name and SHA-256 alone."""
        write_prompt(folder, self.kept)
        values: dict[str, Value] = {
            "checkpoint": self.source.asked,
            "digest": self.source.digest(),
            "cached": int(self.cached),
        }
        save_state(folder, values, {})

    def facts(self) -> Facts:
        """Return the model's size; nothing was trained here."""
        return Facts(
            parameters=self.model().parameters,
            trained_parameters=0,
            model_bytes=self.source.checkpoint.weight_bytes,
        )

    def _read(
        self,
        inputs: Inputs,
        scores: NDArray[np.float64],
        fits: NDArray[np.bool_],
        used: NDArray[np.int64],
    ) -> Predictions:
        probabilities = softmax(np.where(fits[:, None], scores, 0.0), axis=1)
        status = [None if fitting else TOO_LONG for fitting in fits]
        unit = f"{self.contender.card.name}:{self.contender.checkpoint}/{PREFILL}"
        usage = [{unit: float(n)} for n in np.where(fits, used, 0)]
        if self.task.classes:
            codes = np.where(fits, probabilities.argmax(axis=1), -1)
            return Predictions.of_labels(
                inputs.ids, codes, probabilities, status=status, usage=usage
            )
        values = np.where(fits, probabilities @ self.grid(), np.nan)
        return Predictions.of_numbers(inputs.ids, values, status=status, usage=usage)

    def _note_long(
        self, inputs: Inputs, asked: Questions, model: CausalModel, context: Context
    ) -> None:
        needed = asked.needed()
        long = np.flatnonzero(needed > model.longest)
        if not len(long):
            return
        worst = int(needed.argmax())
        shown = ", ".join(str(inputs.ids[row]) for row in long[:5]) + ", ..." * (len(long) > 5)
        context.note(
            f"{len(long):,} of {len(needed):,} rows do not fit into the {model.longest:,} tokens "
            f"that {self.source.title} holds and have no answer (rows {shown}; row "
            f"{inputs.ids[worst]} needs {needed[worst]:,}): show fewer examples "
            f"(shots={self.contender.shots}), or take a model that holds more"
        )
