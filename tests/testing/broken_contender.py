"""Contenders that break one promise at a time; the tests install them as a package of its own."""

from __future__ import annotations

import contextlib
import gc
import os
import random
import tempfile
import threading
import warnings
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

import numpy as np
import pyarrow as pa
from hashed_ridge import HashedRidge

from bakeoff.contenders.base import Card, Fitted, parse_settings
from bakeoff.contenders.baselines.byte_frequencies import ByteFrequencies
from bakeoff.core.errors import BudgetReachedError
from bakeoff.data.columns import ColumnType
from bakeoff.tasks.examples import Examples
from bakeoff.tasks.predictions import Predictions
from bakeoff.testing import known_truth

MODELS: list[BrokenFitted] = []

CARDS = {
    "summary_of_two_lines": {"summary": "one\ntwo"},
    "updates_in_place": {"abilities": frozenset({"probabilities", "confidence", "update"})},
    "unknown_ability": {"abilities": frozenset({"probabilities", "flying"})},
    "needs_what_it_does_not_read": {"reads": frozenset()},
    "declares_no_probabilities": {"abilities": frozenset({"confidence"})},
    "declares_luck_it_has_not": {"deterministic": False},
}


def refuse_if(condition, message):
    if condition:
        raise ValueError(message)


def refuse_unknown_classes(train, valid, context):
    if valid and train.task.classes:
        refuse_if(set(valid.targets) - set(train.targets), "a class only in valid")


def change_a_target(train, valid, context):
    train.targets[0] = train.targets[1] + 1


def change_the_environment(train, valid, context):
    os.environ["OMP_NUM_THREADS"] = os.environ.get("OMP_NUM_THREADS", "") + "1"


def write_a_temporary_file(train, valid, context):
    with tempfile.NamedTemporaryFile(dir=context.scratch.parents[1]):
        pass


def overspend(train, valid, context):
    for _ in range(3):
        with contextlib.suppress(BudgetReachedError):
            context.meter.add("calls", 1)


BEFORE_FIT = {
    "needs_valid": lambda train, valid, context: refuse_if(not valid, "no validation rows"),
    "fails_on_few_rows": lambda train, *_: refuse_if(len(train) < 3, "too few"),
    "fails_on_one_target": lambda train, *_: refuse_if(np.ptp(train.targets) == 0, "one target"),
    "fails_on_odd_training_rows": lambda train, *_: refuse_if(
        train.inputs.table[0].null_count, "a missing text"
    ),
    "fails_on_empty_columns": lambda train, *_: refuse_if(
        train.inputs.table[0].null_count == len(train), "no text at all"
    ),
    "fails_on_rows_alike": lambda train, *_: refuse_if(
        len(train) > 1 and len(set(train.inputs.ids)) == 1, "all the same"
    ),
    "fails_on_a_class_only_in_valid": refuse_unknown_classes,
    "changes_targets": change_a_target,
    "draws_globally": lambda *_: np.random.random(),  # noqa: NPY002 - it is what is broken
    "seeds_globally": lambda *_: random.seed(0),  # noqa: TID251 - it is what is broken
    "changes_the_environment": change_the_environment,
    "warns": lambda *_: warnings.warn("did not converge", stacklevel=2),
    "writes_to_the_working_folder": lambda *_: Path("cache.txt").write_text("x"),
    "writes_temporary_files": write_a_temporary_file,
    "overspends": overspend,
}

ROWS_LEARNED_FROM = {
    "learns_nothing": lambda train: replace(train, targets=np.sort(train.targets)),
    "reads_answers": lambda train: (
        train.take(range(20)) if train.inputs.named(ColumnType.ANSWER) else train
    ),
}

LUCK = {
    "draws_its_own_luck": lambda context: int.from_bytes(os.urandom(4), "big"),
    "seeded_and_says_not": lambda context: context.seed,
    "depends_on_threads": lambda context: context.threads,
}


@dataclass(frozen=True)
class Broken(HashedRidge):
    """Hashed ridge that breaks the promise named by ``how``."""

    card: ClassVar[Card] = replace(HashedRidge.card, name="broken")
    how: str = "nothing"

    def __post_init__(self):
        object.__setattr__(self, "card", replace(type(self).card, **CARDS.get(self.how, {})))

    @property
    def name(self):
        return "broken@how=other" if self.how == "another_name" else super().name

    @classmethod
    def from_spec(cls, argument, settings, make):
        # Ignores what it does not know, which the check of settings must see.
        known = {key: value for key, value in settings.items() if key in ("how", "penalty")}
        return cls(**parse_settings(cls, known))

    def refuses(self, task):
        return None if self.how == "accepts_everything" else super().refuses(task)

    def columns(self):
        return ("gpt",) if self.how == "asks_for_what_no_part_asks_for" else ()

    def parts(self):
        return (HashedRidge(),) if self.how == "asks_for_what_no_part_asks_for" else ()

    def fit(self, train, valid, context):
        BEFORE_FIT.get(self.how, lambda *_: None)(train, valid, context)
        train = ROWS_LEARNED_FROM.get(self.how, lambda rows: rows)(train)
        fitted = super().fit(train, valid, context)
        if self.how == "fits_to_something_else":
            return fitted.weights
        luck = LUCK.get(self.how, lambda _: 0)(context)
        noise = np.random.default_rng(luck).normal(0, 1e-3 * bool(luck), fitted.weights.shape)
        model = BrokenFitted(replace(fitted, weights=fitted.weights + noise), self.how)
        MODELS.append(model)
        return model

    def update(self, fitted, train, valid, context):
        fitted.inner = replace(fitted.inner, weights=fitted.inner.weights * 0.5)
        return fitted

    def load(self, folder, task):
        fitted = super().load(folder, task)
        if self.how == "forgets_when_saved":
            fitted = replace(fitted, mean=fitted.mean + np.arange(1, len(fitted.mean) + 1))
        return BrokenFitted(fitted, self.how)


@dataclass(eq=False)
class BrokenFitted(Fitted):
    inner: Fitted
    how: str
    calls: int = 0
    busy: bool = False

    def predict(self, inputs, context):
        if self.how == "changes_inputs":
            inputs.ids[:] = np.sort(inputs.ids)
        if self.how == "fails_on_odd_rows":
            lengths = [len(t) for c in inputs.named(ColumnType.TEXT) for t in inputs.texts(c)]
            refuse_if(max(lengths, default=0) > 10_000, "too long")
        if self.how == "fails_on_empty_columns":
            cells = [inputs.table[name] for name in inputs.named(ColumnType.TEXT)]
            refuse_if(any(c.null_count == len(c) > 1 for c in cells), "no text at all")
        if self.how == "fails_without_rows":
            inputs.ids.max()
        if self.how == "is_not_safe_in_threads":
            refuse_if(self.busy, "busy")
            self.busy = True
            threading.Event().wait(0.02)
            self.busy = False
        self.calls += 1
        model = self.inner
        if self.how == "learns_while_predicting":
            model = replace(model, weights=model.weights * (1 + 1e-3 * self.calls))
        if self.how == "is_changed_by_later_fits":
            model = replace(model, weights=MODELS[-1].inner.weights)
        honest = model.predict(inputs, context)
        change = CHANGED.get(self.how)
        return Predictions(change(honest, inputs)) if change else honest

    def save(self, folder):
        self.inner.save(folder)
        if self.how == "pickles":
            (folder / "more.dat").write_bytes(b"\x80\x04K\x01.")
        if self.how == "pickles_openly":
            (folder / "model.pkl").write_bytes(b"")


def put(predictions, name, values, kind=None):
    """Return the table with another column; one that is not there stays away."""
    table = predictions.table
    position = table.schema.get_field_index(name)
    if position < 0:
        return table
    return table.set_column(position, name, pa.array(values, kind or table[name].type))


def main(predictions):
    return "label" if "label" in predictions.table.column_names else "value"


def shifted(by):
    """Return a change that adds ``by(honest, inputs)`` to predicted numbers."""

    def change(honest, inputs):
        if main(honest) == "label":
            return honest.table
        return put(honest, "value", honest.values + by(honest, inputs))

    return change


def with_chances(other):
    """Return a change that puts ``other(probabilities)`` in place of the probabilities."""

    def change(honest, inputs):
        if main(honest) == "value":
            return honest.table
        return Predictions.of_labels(honest.ids, honest.codes, other(honest.probabilities)).table

    return change


def what_was_told(honest, inputs):
    names = [c.name for c in inputs.columns if c.type is not ColumnType.ANSWER]
    told = [known_truth._TOLD.get(key) for key in inputs.keys(names)]
    if None in told:
        return honest.table
    return put(honest, main(honest), [int(t) if main(honest) == "label" else t for t in told])


def what_the_heap_holds(honest, inputs):
    wanted = set(inputs.ids.tolist())
    for thing in gc.get_objects():  # the youngest first
        if type(thing) is Examples and wanted and wanted <= set(thing.inputs.ids.tolist()):
            truth = dict(zip(thing.inputs.ids.tolist(), thing.targets.tolist(), strict=True))
            return put(honest, main(honest), [truth[i] for i in inputs.ids.tolist()])
    return honest.table


def of_sum_one(chances):
    return chances / chances.sum(axis=1, keepdims=True)


CHANGED = {
    "loses_the_order": lambda honest, inputs: honest.table.take(pa.array(np.argsort(inputs.ids))),
    "no_columns_without_rows": lambda honest, inputs: (
        honest.table
        if len(inputs) or main(honest) == "value"
        else honest.table.drop_columns(["probabilities"])
    ),
    "looks_at_the_other_rows": shifted(lambda honest, inputs: honest.values.sum()),
    "looks_at_the_order": shifted(lambda honest, inputs: np.arange(len(inputs))),
    "predicts_by_id": shifted(lambda honest, inputs: inputs.ids % 2),
    "infinite_numbers": shifted(lambda honest, inputs: np.inf),
    "hides_missing": lambda honest, inputs: put(honest, main(honest), [None] * len(inputs)),
    "strange_usage": lambda honest, inputs: put(honest, "usage", [[("calls", 1.0)]] * len(inputs)),
    "wrong_type": lambda honest, inputs: put(
        honest, "confidence", [None] * len(inputs), pa.float32()
    ),
    "reads_more_than_its_card": lambda honest, inputs: put(
        honest,
        "confidence",
        np.sum([np.nan_to_num(inputs.numbers(c)) for c in inputs.named(ColumnType.NUMBER)], axis=0)
        + np.zeros(len(inputs)),
    ),
    "walks_the_heap": what_the_heap_holds,
    "peeks": what_was_told,
    "probabilities_of_two": with_chances(lambda chances: chances * 2),
    "label_is_not_the_argmax": with_chances(lambda chances: chances[:, ::-1]),
    "gives_absent_classes_something": with_chances(lambda chances: of_sum_one(chances + 0.01)),
    "forgets_a_class": with_chances(lambda chances: of_sum_one(chances[:, :-1])),
}


def heavier_by(nats_of_a_text):
    """Return a change that adds ``nats_of_a_text(text)`` to each text's nats."""

    def change(honest, texts):
        return honest + np.array([nats_of_a_text(text) for text in texts], dtype=np.float64)

    return change


NATS = {
    "sees_the_first_letter": heavier_by(lambda text: -1.0 if text else 0.0),
    # Of two texts that differ in length by one, it knows which goes on.
    "sees_that_the_text_goes_on": heavier_by(lambda text: float(len(text) % 2 == 0 and text != "")),
    "takes_something_for_the_empty_text": heavier_by(lambda text: 1.0),
    # Of no letter that the check of causality tries; of one that stands in the texts.
    "pays_for_a_letter": heavier_by(lambda text: -9.0 * text.count("d")),
}

WRITES = {
    "writes_too_much": lambda inner, characters, context: inner.write(characters + 1, context),
    "writes_by_its_own_luck": lambda inner, characters, context: inner.write(
        characters, replace(context, seed=int.from_bytes(os.urandom(4), "big"))
    ),
    "writes_the_same_for_every_seed": lambda inner, characters, context: inner.write(
        characters, replace(context, seed=0)
    ),
}

WRITING = frozenset({"samples", "stepwise"})
SAID = {
    "writes_and_does_not_say": WRITING - {"samples"},
    "cannot_write": WRITING,
}


@dataclass(frozen=True)
class BrokenLanguage(ByteFrequencies):
    """Bytes by frequency that break the promise named by ``how``."""

    card: ClassVar[Card] = replace(ByteFrequencies.card, name="broken-language")
    how: str = "nothing"

    def __post_init__(self):
        said = SAID.get(self.how, WRITING)
        object.__setattr__(self, "card", replace(type(self).card, abilities=said))

    def fit(self, train, valid, context):
        return self.wrapped(super().fit(train, valid, context))

    def load(self, folder, task):
        return self.wrapped(super().load(folder, task))

    def wrapped(self, inner):
        silent = self.how == "cannot_write"
        return (SilentLanguageFitted if silent else BrokenLanguageFitted)(inner, self.how)


@dataclass(eq=False)
class SilentLanguageFitted(Fitted):
    inner: Fitted
    how: str

    def predict(self, inputs, context):
        honest = self.inner.predict(inputs, context).nats
        texts = inputs.texts(self.inner.column)
        change = NATS.get(self.how, lambda nats, _: nats)
        return Predictions.of_nats(inputs.ids, change(honest, texts))

    def save(self, folder):
        self.inner.save(folder)


@dataclass(eq=False)
class BrokenLanguageFitted(SilentLanguageFitted):
    def write(self, characters, context):
        write = WRITES.get(self.how, lambda inner, *asked: inner.write(*asked))
        return write(self.inner, characters, context)
