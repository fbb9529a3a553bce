"""Checks of learning: it learns what can be learned, nothing from noise, and its seed rules."""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING, Any

import numpy as np

from bakeoff.core.seeds import generator
from bakeoff.tasks.language import LANGUAGE_MODELLING
from bakeoff.testing.check import NotTestableError, expect
from bakeoff.testing.contenders.bench import contender_check
from bakeoff.testing.contenders.compare import expect_same

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bakeoff.testing.contenders.bench import Bench

_SURPRISE = 3.3
"""Standard deviations above chance that a contender without knowledge passes once in 2,000 runs."""


@contender_check
def it_learns_what_can_be_learned(bench: Bench) -> None:
    """On fresh rows of every specimen that it accepts, it beats chance by far.

    Baselines (family ``"baselines"``) and what does not learn are exempt.
    """
    if not any(leaf.card.learns and leaf.card.family != "baselines" for leaf in bench.leaves()):
        raise NotTestableError("a baseline, or it learns nothing")
    for example in bench.specimens:
        predictions = bench.predict(bench.fitted(example), example.fresh.inputs)
        truth = example.fresh.targets
        if example.task.classes:
            right = int((predictions.codes == truth).sum())
            needed = _beyond_chance(truth, len(example.task.classes))
            expect(right >= needed, f"{example.name}: {right}/{len(truth)} right, {needed} needed")
        elif example.task.kind == LANGUAGE_MODELLING:
            sizes = sum(len(text.encode()) for text in truth)
            bits = float(predictions.nats.sum()) / math.log(2) / sizes
            expect(bits < 7, f"{example.name}: {bits:.2f} bits for a byte; 8 is no knowledge")
        else:
            share = _explained(truth, predictions.values)
            expect(share >= 0.1, f"{example.name}: it explains {share:.3f} of the variance, not .1")


@contender_check
def random_targets_teach_nothing(bench: Bench) -> None:
    """Fitted on random targets, it does not beat chance on fresh rows with random targets.

    All targets are drawn anew, so that the fresh ones are independent of all that it can see.
    """
    if bench.contender.columns():
        raise NotTestableError("its answers know the truth without learning")
    for example in bench.labelled:
        rng = generator(3, "random targets")
        made = bench.another(example, seed=2)
        for rows in (made.train, made.valid, made.fresh):
            rng.shuffle(rows.targets)
        fresh = made.fresh
        predictions = bench.predict(bench.fit(made.train, made.valid), fresh.inputs)
        if example.task.classes:
            right = int((predictions.codes == fresh.targets).sum())
            most = _beyond_chance(fresh.targets, len(example.task.classes))
            expect(right < most, f"{right}/{len(fresh)} right after learning from random targets")
        else:
            share = _explained(fresh.targets, predictions.values)
            expect(share < 0.2, f"it explains {share:.3f} of the variance of random targets")


@contender_check
def the_same_seed_gives_the_same_model(bench: Bench) -> None:
    """A second fit predicts the same, whatever the global random generators hold."""
    for example in bench.main:
        wanted = bench.predict(bench.fitted(example), example.fresh.inputs)
        with _other_global_seeds():
            again = bench.fit(example.train, example.valid)
            got = bench.predict(again, example.fresh.inputs)
        expect_same(got, wanted, "when it was fitted again with the same seed")


@contender_check
def the_seed_does_what_the_card_says(bench: Bench) -> None:
    """``card.deterministic`` means that the seed changes nothing; else one of four changes some."""
    for example in bench.main:
        wanted = bench.predict(bench.fitted(example), example.fresh.inputs)
        if bench.contender.card.deterministic:
            other = bench.fit(example.train, example.valid, seed=1)
            got = bench.predict(other, example.fresh.inputs)
            expect_same(got, wanted, "with the seed, and the card says 'deterministic'")
        elif not bench.contender.parts():
            others = (bench.fit(example.train, example.valid, seed=s) for s in range(1, 5))
            tables = (bench.predict(o, example.fresh.inputs).table for o in others)
            expect(
                any(not table.equals(wanted.table) for table in tables),
                f"{example.name}: five seeds give one result; declare it deterministic",
            )


@contender_check
def an_earlier_model_stays_as_it_is(bench: Bench) -> None:
    """Another fit of the same contender changes nothing in a model that exists."""
    for example in bench.main:
        fitted = bench.fitted(example)
        wanted = bench.predict(fitted, example.fresh.inputs)
        bench.fit(example.fresh, None, seed=2)
        expect_same(bench.predict(fitted, example.fresh.inputs), wanted, "after another fit")


@contender_check
def an_update_goes_on_and_leaves_the_model_as_it_was(bench: Bench) -> None:
    """With the ability ``"update"`` a fitted model takes more rows; the one before is untouched."""
    contender = bench.contender
    if "update" not in contender.card.abilities:
        raise NotTestableError("it does not go on from a fitted model")
    for example in bench.main:
        fitted = bench.fitted(example)
        wanted = bench.predict(fitted, example.fresh.inputs)
        more = bench.another(example, seed=4)
        updated = contender.update(fitted, more.train, more.valid, bench.context())
        again = contender.update(fitted, more.train, more.valid, bench.context())
        got = bench.predict(again, example.fresh.inputs)
        expect_same(got, bench.predict(updated, example.fresh.inputs), "when it was updated again")
        expect_same(bench.predict(fitted, example.fresh.inputs), wanted, "after its update")
        folder = bench.save_folder("updated")
        folder.mkdir(parents=True)
        updated.save(folder)
        read = contender.load(folder, example.task)
        expect_same(bench.predict(read, example.fresh.inputs), got, "after saving the update")


def _beyond_chance(truth: NDArray[Any], n_classes: int) -> int:
    """Return how many of the rows chance alone gets right in less than one of 2,000 runs."""
    n = len(truth)
    chance = max(1 / n_classes, float(np.bincount(truth).max()) / n)
    return math.ceil(n * chance + _SURPRISE * math.sqrt(n * chance * (1 - chance)))


def _explained(truth: NDArray[np.float64], values: NDArray[np.float64]) -> float:
    """Return R2 of the predicted rows."""
    known = ~np.isnan(values)
    if not known.any():
        return -math.inf
    rest = float(((truth - values)[known] ** 2).mean())
    return 1 - rest / float(((truth - truth.mean())[known] ** 2).mean())


class _other_global_seeds:  # noqa: N801 - reads as a verb in a with statement
    """Moves the global generators, which nobody may depend on, and puts them back."""

    def __enter__(self) -> None:
        self._states = random.getstate(), np.random.get_state()  # noqa: NPY002 - it is what is watched
        random.random()  # noqa: S311 - no secret
        np.random.random(7)  # noqa: NPY002 - it is what is watched

    def __exit__(self, *_: object) -> None:
        random.setstate(self._states[0])
        np.random.set_state(self._states[1])  # noqa: NPY002 - it is what is watched
