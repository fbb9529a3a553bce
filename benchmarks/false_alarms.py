"""How often the judge's own procedure errs: false alarms, coverage, regret bounds, and power.

    python benchmarks/false_alarms.py --repetitions 2000 --processes 2

Data are simulated, so the truth is known; the procedure is `compare_all`, with nothing changed.
Each scenario has a reference and two others, run in three ways: *equal* (all the same by
construction: any word that tells them apart is a false alarm), *near* (about one standard error
apart: the hardest case for the regret of the choice, which is the best point score), and *better*
(one is better by the amount stated: power). Score intervals are counted over equal and better,
difference intervals as a family (all must hold;
an end at 0 belongs to the interval, and whether 0 itself is excluded is what the alarms count).
"""

from __future__ import annotations

import argparse
import functools
import time
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri

from bakeoff.core.seeds import derive_seed, generator
from bakeoff.metrics.base import Pairs
from bakeoff.metrics.registry import load_metric
from bakeoff.statistics import resampling
from bakeoff.statistics.evidence import Evidence
from bakeoff.statistics.procedure import compare_all

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from bakeoff.results.analysis import Comparison

NAMES = ("reference", "second", "third")
TELLS_APART = {"better", "worse", "better-trivially", "worse-trivially"}
SHARED = 0.5
"""Correlation between contenders of what makes a row hard."""
GROUP_SIZES = np.array([3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 20, 25, 32, 40])
RARE = 1 / 21
HEAVY_FREEDOM = 5


@dataclass(frozen=True)
class World:
    """One draw: truth, predictions of the three, groups, and the three true scores."""

    truth: NDArray[np.generic]
    predicted: list[NDArray[np.generic]]
    scores: tuple[float, ...]
    groups: NDArray[np.int64] | None = None


@dataclass(frozen=True)
class Scenario:
    """A way to draw data.

    Args:
        name: As the table shows it.
        metric: Registry name.
        draw: ``draw(random, levels)``: data in which the contenders stand at these levels.
        equal: Level of all.
        near: Levels about one standard error apart.
        better: Levels of which the second is better than the others.
    """

    name: str
    metric: str
    draw: Callable[[np.random.Generator, tuple[float, ...]], World]
    equal: float
    near: tuple[float, float, float]
    better: tuple[float, float, float]


def binary(n: int, random: np.random.Generator, levels: tuple[float, ...]) -> World:
    """Return two balanced classes; a level is an accuracy."""
    truth = random.integers(0, 2, n)
    hard = random.normal(size=n)
    right = [_latent(hard, random) < ndtri(level) for level in levels]
    return World(truth, [np.where(ok, truth, 1 - truth) for ok in right], levels)


def grouped(random: np.random.Generator, levels: tuple[float, ...]) -> World:
    """Return 30 groups of unequal size; rows of a group are alike, for all and for each."""
    groups = np.repeat(np.arange(30), random.choice(GROUP_SIZES, 30))
    n = len(groups)
    truth = random.integers(0, 2, n)
    shared = np.sqrt(0.2) * random.normal(size=30)[groups] + np.sqrt(0.3) * random.normal(size=n)
    predicted = []
    for level in levels:
        own = np.sqrt(0.15) * random.normal(size=30)[groups]
        ok = shared + own + np.sqrt(0.35) * random.normal(size=n) < ndtri(level)
        predicted.append(np.where(ok, truth, 1 - truth))
    return World(truth, predicted, levels, groups)


def imbalanced(
    metric: str, n: int, random: np.random.Generator, levels: tuple[float, ...]
) -> World:
    """Return 1:20 classes; a level is the recall of the rare one, that of the other is .97."""
    truth = (random.random(n) < RARE).astype(np.int64)
    hard = random.normal(size=n)
    right = [_latent(hard, random) < ndtri(np.where(truth, level, 0.97)) for level in levels]
    rare = RARE if metric == "accuracy" else 0.5
    scores = tuple(rare * level + (1 - rare) * 0.97 for level in levels)
    return World(truth, [np.where(ok, truth, 1 - truth) for ok in right], scores)


def heavy_tails(
    metric: str, n: int, random: np.random.Generator, levels: tuple[float, ...]
) -> World:
    """Return errors of t5 tails, partly shared; a level scales a contender's own part."""
    truth = random.standard_t(HEAVY_FREEDOM, n)
    shared = random.standard_t(HEAVY_FREEDOM, n)
    own = [level * random.standard_t(HEAVY_FREEDOM, n) for level in levels]
    score = mean_absolute if metric == "mae" else mean_squared
    scores = tuple(score(level) for level in levels)
    return World(truth, [truth + shared + part for part in own], scores)


def mean_squared(level: float) -> float:
    """Return the true MSE at a level."""
    return (1 + level**2) * HEAVY_FREEDOM / (HEAVY_FREEDOM - 2)


@functools.cache
def mean_absolute(level: float) -> float:
    """Return the true MAE at a level, from 8 million draws (error below .001)."""
    random = generator(0, "mean absolute")
    draws = random.standard_t(HEAVY_FREEDOM, (2, 8_000_000))
    return float(np.abs(draws[0] + level * draws[1]).mean())


def _latent(hard: NDArray[np.float64], random: np.random.Generator) -> NDArray[np.float64]:
    own = random.normal(size=len(hard))
    return np.asarray(np.sqrt(SHARED) * hard + np.sqrt(1 - SHARED) * own)


SCENARIOS = (
    Scenario(
        "balanced binary, n 300, accuracy .80",
        "accuracy",
        functools.partial(binary, 300),
        0.80,
        (0.78, 0.80, 0.82),
        (0.80, 0.88, 0.80),
    ),
    Scenario(
        "rare errors, n 200, accuracy .97",
        "accuracy",
        functools.partial(binary, 200),
        0.97,
        (0.955, 0.97, 0.98),
        (0.92, 0.98, 0.92),
    ),
    Scenario(
        "30 unequal groups, accuracy .80",
        "accuracy",
        grouped,
        0.80,
        (0.77, 0.80, 0.83),
        (0.75, 0.90, 0.75),
    ),
    Scenario(
        "imbalance 1:20, n 630, accuracy .957",
        "accuracy",
        functools.partial(imbalanced, "accuracy", 630),
        0.70,
        (0.60, 0.70, 0.80),
        (0.30, 0.80, 0.30),
    ),
    Scenario(
        "imbalance 1:20, n 630, recall .835",
        "recall_macro",
        functools.partial(imbalanced, "recall_macro", 630),
        0.70,
        (0.60, 0.70, 0.80),
        (0.60, 0.90, 0.60),
    ),
    Scenario(
        "heavy tails (t5), n 300, MSE 2.08",
        "mse",
        functools.partial(heavy_tails, "mse", 300),
        0.50,
        (0.55, 0.50, 0.45),
        (0.90, 0.50, 0.90),
    ),
    Scenario(
        "heavy tails (t5), n 300, MAE 1.05",
        "mae",
        functools.partial(heavy_tails, "mae", 300),
        0.50,
        (0.55, 0.50, 0.45),
        (0.90, 0.50, 0.90),
    ),
)


def evidence_of(metric_name: str, world: World) -> Evidence:
    """Return what the judge would have made of it."""
    metric = load_metric(metric_name)
    pairs = [Pairs(world.truth, predicted, None, ("a", "b")) for predicted in world.predicted]
    statistics = {
        name: metric.statistics(one)[None] for name, one in zip(NAMES, pairs, strict=True)
    }
    return Evidence(metric, statistics, world.groups)


def repeat(scenario: Scenario, repetition: int) -> dict[str, list[float]]:
    """Return what happened in one repetition: counts of 0 and 1 by name."""
    seen: dict[str, list[float]] = defaultdict(list)
    ways = {"equal": (scenario.equal,) * 3, "near": scenario.near, "better": scenario.better}
    for way, levels in ways.items():
        random = generator(0, scenario.name, way, repetition)
        world = scenario.draw(random, levels)
        evidence = evidence_of(scenario.metric, world)
        result = compare_all(
            evidence, NAMES[0], rope=0.01, seed=derive_seed(1, scenario.name, way, repetition)
        )
        truth = dict(zip(NAMES, world.scores, strict=True))
        sign = 1 if evidence.metric.higher_is_better else -1
        words = {comparison.name: comparison.word for comparison in result.comparisons}
        for name, estimate in result.scores.items():
            seen[f"score {way}"].append(estimate.low <= truth[name] <= estimate.high)
        seen[f"differences {way}"].append(
            all(
                holds(comparison, sign * (truth[comparison.name] - truth[NAMES[0]]))
                for comparison in result.comparisons
            )
        )
        best = max(sign * score for score in truth.values())
        regret = best - sign * truth[result.best]
        seen[f"regret {way}"].append(regret <= result.regrets[result.best][1])
        seen[f"tied {way}"].append(max(truth, key=lambda n: sign * truth[n]) in result.tied)
        seen[f"alarm {way}"].append(any(word in TELLS_APART for word in words.values()))
        seen[f"shown {way}"].append(words["second"] in {"better", "better-trivially"})
    return seen


def holds(comparison: Comparison, truth: float) -> bool:
    """Return whether the interval holds the truth; an end at 0 belongs to it."""
    estimate = comparison.difference
    return estimate.low - 1e-12 <= truth <= estimate.high + 1e-12


def known_truth(repetition: int) -> dict[str, list[float]]:
    """Return what is said of an oracle and of a model of shuffled labels, against guesses."""
    random = generator(0, "known truth", repetition)
    truth = random.integers(0, 2, 300)
    guesses = [random.integers(0, 2, 300) for _ in range(2)]
    world = World(truth, [guesses[0], truth, guesses[1]], (0.5, 1.0, 0.5))
    result = compare_all(evidence_of("accuracy", world), NAMES[0], rope=0.01, seed=repetition)
    words = {comparison.name: comparison.word for comparison in result.comparisons}
    return {
        "oracle": [words["second"] == "better"],
        "shuffled": [words["third"] in {"better", "better-trivially"}],
    }


def many(scenario: Scenario | None, repetitions: range) -> dict[str, list[float]]:
    """Return the joined counts of several repetitions (None: of the known truths)."""
    joined: dict[str, list[float]] = defaultdict(list)
    for repetition in repetitions:
        one = known_truth(repetition) if scenario is None else repeat(scenario, repetition)
        for name, values in one.items():
            joined[name].extend(values)
    return joined


def measure(
    scenario: Scenario | None, repetitions: int, pool: ProcessPoolExecutor
) -> dict[str, float]:
    """Return the share of each count over all repetitions."""
    parts = [range(start, min(start + 50, repetitions)) for start in range(0, repetitions, 50)]
    joined: dict[str, list[float]] = defaultdict(list)
    for part in pool.map(functools.partial(many, scenario), parts):
        for name, values in part.items():
            joined[name].extend(values)
    return {name: float(np.mean(values)) for name, values in joined.items()}


def set_resamples(count: int) -> None:
    """Let the procedure draw fewer resamples in this process."""
    resampling.RESAMPLES = count


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repetitions", type=int, default=2000)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--resamples", type=int, default=resampling.RESAMPLES)
    parser.add_argument("--only", default="", help="part of a scenario's name")
    options = parser.parse_args()
    print(f"{options.repetitions} repetitions of {options.resamples} resamples; in per cent")
    columns = ("alarms", "score", "score", "diffs", "diffs", "regret", "best in", "power")
    below = ("equal", "equal", "better", "equal", "better", "near", "tied", "better")
    goals = ("<= 6", "93-97", "93-97", "93-97", "93-97", ">= 94", "", "")
    for line in (columns, below, goals):
        print(f"{'':40}" + "".join(f"{cell:>9}" for cell in line))
    keys = ("alarm equal", "score equal", "score better", "differences equal")
    keys += ("differences better", "regret near", "tied near", "shown better")
    start = time.perf_counter()
    with ProcessPoolExecutor(
        options.processes, initializer=set_resamples, initargs=(options.resamples,)
    ) as pool:
        for scenario in SCENARIOS:
            if options.only in scenario.name:
                shares = measure(scenario, options.repetitions, pool)
                cells = "".join(f"{100 * shares[key]:9.1f}" for key in keys)
                print(f"{scenario.name:40}{cells}", flush=True)
        shares = measure(None, options.repetitions, pool)
    print(f"oracle called better than guessing:   {100 * shares['oracle']:.1f} (goal 100)")
    error = 100 * np.sqrt(0.05 * 0.95 / options.repetitions)
    print(
        f"shuffled labels called better:        {100 * shares['shuffled']:.1f}"
        f" (goal <= {5 + 2 * error:.1f})"
    )
    print(f"{time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
