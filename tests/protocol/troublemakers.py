"""A package of one contender that does what it is told: right so often, or some mischief."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from bakeoff.contenders.base import Card, Contender, Facts, Fitted
from bakeoff.core.errors import ArtefactError
from bakeoff.data.columns import ColumnType
from bakeoff.tasks.predictions import Predictions

SOURCE = "llm:paid@http://127.0.0.1/v1"


@dataclass(frozen=True)
class Trouble(Contender):
    """Predicts the last word of the text, wrong for all but a share of the rows.

    Args:
        right: Share of rows that it has right.
        how: The mischief: when, and what.
    """

    card: ClassVar[Card] = Card(
        name="trouble",
        family="trouble",
        summary="does what it is told",
        kinds=frozenset({"classification"}),
        needs=frozenset({ColumnType.TEXT}),
        reads=frozenset({ColumnType.TEXT}),
        seconds_per_1000=0.001,
        rank=1,
    )

    right: float = 1.0
    how: str = "none"

    def fit(self, train, valid, context):
        place = context.features.root
        place.mkdir(parents=True, exist_ok=True)
        with (place / "fits").open("a") as fits:
            fits.write(self.name + "\n")
        if self.how == "halfway":
            self._leave_half(context)
        getattr(self, f"_{self.how}", lambda place: None)(place)
        return FittedTrouble(self.right, self.how, train.task.classes)

    def load(self, folder, task):
        right, how = json.loads((folder / "trouble.json").read_text())
        return FittedTrouble(right, how, task.classes)

    def _leave_half(self, context):
        half = context.scratch / "half"
        if not half.exists():
            half.touch()
            os._exit(3)
        context.note("went on from the half that was there")

    def _raises(self, place):
        raise ValueError("no such luck\nand more of it")

    def _exits(self, place):
        os._exit(3)

    def _killed(self, place):
        os.kill(os.getpid(), signal.SIGKILL)

    def _memory(self, place):
        raise MemoryError

    def _full(self, place):
        raise OSError(errno.ENOSPC, "No space left on device", "/somewhere")

    def _forbidden(self, place):
        raise PermissionError(errno.EACCES, "Permission denied", "/somewhere")

    def _once(self, place):
        if not (place / "once").exists():
            (place / "once").touch()
            os._exit(3)

    def _hangs(self, place):
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        (place / "child").write_text(str(child.pid))
        time.sleep(600)

    def _noisy(self, place):
        sys.stdout.write('{"op": "record", "record": {}}\n' + "\x00garbage" * 100)
        sys.stdout.flush()
        os.write(1, b'{"op": "storage", "error": ["a", "b", "c", "d"]}\n\xff\xfe')
        sys.stderr.write("more\n")


@dataclass(frozen=True)
class FittedTrouble(Fitted):
    right: float
    how: str
    classes: tuple[str, ...]

    def predict(self, inputs, context):
        return self._predict(inputs)

    def _predict(self, inputs):
        words = [text.split()[-1] for text in inputs.texts("text")]
        truth = np.array([self.classes.index(word) for word in words], dtype=np.int64)
        # Which rows are wrong hangs on the row alone, so that all that are right .8 agree.
        wrong = np.array([(i * 37) % 100 >= self.right * 100 for i in inputs.ids], dtype=np.int64)
        codes = (truth + wrong) % len(self.classes)
        probabilities = np.full((len(codes), len(self.classes)), 0.1 / (len(self.classes) - 1))
        probabilities[np.arange(len(codes)), codes] = 0.9
        if self.how == "short":
            return Predictions.of_labels(inputs.ids[1:], codes[1:])
        if self.how == "shuffled":
            return Predictions.of_labels(inputs.ids[::-1], codes[::-1])
        if self.how == "wide":
            return Predictions.of_labels(inputs.ids, codes, np.full((len(codes), 5), 0.2))
        if self.how == "lopsided":
            return Predictions.of_labels(inputs.ids, codes, probabilities * 2)
        if self.how == "nan":
            return Predictions.of_labels(inputs.ids, codes, probabilities * np.nan)
        if self.how == "gaps" and len(codes):
            codes[0] = -1
        return Predictions.of_labels(inputs.ids, codes, probabilities)

    def facts(self):
        return Facts(parameters=7, flops_per_row=12.0)

    def save(self, folder):
        if self.how == "unsavable":
            raise ArtefactError("it can be kept in no safe form")
        if self.how == "unwritable":
            raise OSError(errno.ENOSPC, "No space left on device", str(folder / "trouble.json"))
        (folder / "trouble.json").write_text(json.dumps([self.right, self.how]))


@dataclass(frozen=True)
class Paid(Trouble):
    """Answers like `Trouble`, for 1,000 prompt and 10 completion tokens a row."""

    card: ClassVar[Card] = replace(Trouble.card, name="paid", learns=False, metered=True)

    def fit(self, train, valid, context):
        context.features.root.mkdir(parents=True, exist_ok=True)
        (context.features.root / "prompt_rows").write_text(json.dumps(train.inputs.ids.tolist()))
        return FittedPaid(self.right, self.how, train.task.classes)


class FittedPaid(FittedTrouble):
    def predict(self, inputs, context):
        with (context.features.root / "asked").open("a") as asked:
            asked.write(json.dumps(inputs.ids.tolist()) + "\n")
        for _ in inputs.ids:
            context.meter.add("calls", 1)
            context.meter.add(f"{SOURCE}/prompt_tokens", 1000)
            context.meter.add(f"{SOURCE}/completion_tokens", 10)
        used = {f"{SOURCE}/prompt_tokens": 1000.0, f"{SOURCE}/completion_tokens": 10.0}
        found = self._predict(inputs)
        return Predictions.of_labels(inputs.ids, found.codes, usage=[used] * len(inputs))
