"""A family of paired comparisons: difference, interval, p, word, and what would settle it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri

from bakeoff.core.seeds import derive_seed
from bakeoff.results.analysis import Comparison, Estimate
from bakeoff.statistics.equivalence import word
from bakeoff.statistics.evidence import is_mean
from bakeoff.statistics.intervals import bonett_price, bootstrap_p, quantile
from bakeoff.statistics.learners import corrected_t, correlated_t
from bakeoff.statistics.multiplicity import agree, holm
from bakeoff.statistics.paired import approximate_randomisation, mcnemar_mid_p, sign_flip
from bakeoff.statistics.power import Seen, rows_needed
from bakeoff.statistics.scores import method

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bakeoff.statistics.bootstrap import Draws
    from bakeoff.statistics.evidence import Prepared
    from bakeoff.statistics.learners import FoldScores


@dataclass(frozen=True, slots=True)
class Setting:
    """What is fixed before looking.

    Args:
        rope: The difference that would not matter, in the metric's unit; None: none.
        alpha: Of the whole family.
        seed: Of flips and swaps.
        folds: Scores on folds, for the tests about recipes; None: none are made.
        swap: Whether metrics that are no mean are tested by swapping; else from the draws.
    """

    rope: float | None
    alpha: float
    seed: int
    folds: FoldScores | None = None
    swap: bool = True


def least_error(prepared: Prepared) -> float:
    """Return the least standard error of a difference, for metrics that count rows.

    Two contenders that agree on all ``n`` rows may differ on others: as in `bonett_price`, one more
    discordant row on each side is allowed for.
    """
    return math.sqrt(2) / (prepared.n + 2) if prepared.metric.percent else 0.0


def compare_family(
    prepared: Prepared,
    draws: Draws,
    errors: NDArray[np.float64],
    against: int,
    setting: Setting,
) -> tuple[Comparison, ...]:
    """Return every other contender against one of them.

    Args:
        prepared: The evidence.
        draws: Of all scores.
        errors: ``(contenders, contenders)``, standard errors of the differences.
        against: Position of the one that all are compared with.
        setting: What was fixed before.
    """
    others = [i for i in range(len(prepared.names)) if i != against]
    if not others:
        return ()
    p, test = _p_values(prepared, draws, others, against, setting)
    adjusted = holm(p)
    alpha = setting.alpha / len(others)
    made = []
    for other, raw, of_family in zip(others, p, adjusted, strict=True):
        discordant = _discordant(prepared, other, against)
        value = float(draws.values[other] - draws.values[against])
        differs = bool(of_family < setting.alpha) and value != 0 and not math.isnan(value)
        low, high, how = _interval(prepared, draws, (other, against), alpha, discordant)
        if not math.isnan(low):
            low, high = agree(low, high, value, differs=differs)
        said = word(value, low, high, differs=differs, rope=setting.rope)
        rows, beyond = None, False
        if said == "undecided":
            spread = _spread(prepared, float(errors[other, against]))
            seen = Seen(value, spread, setting.rope, alpha, prepared.metric.percent)
            rows, beyond = rows_needed(prepared.n, seen)
        estimate = Estimate(value, _or_none(low), _or_none(high), prepared.n, how)
        learner = _learners(prepared, other, against, setting)
        made.append(
            Comparison(
                name=prepared.names[other],
                against=prepared.names[against],
                difference=estimate,
                p=float(raw),
                p_adjusted=float(of_family),
                test=test,
                word=said,
                only_first_right=None if discordant is None else discordant[0],
                only_second_right=None if discordant is None else discordant[1],
                labels_needed=rows,
                labels_needed_beyond=beyond,
                learner_p=learner[0],
                p_better=learner[1],
                p_equivalent=learner[2],
                p_worse=learner[3],
            )
        )
    return tuple(made)


def _p_values(
    prepared: Prepared, draws: Draws, others: list[int], against: int, setting: Setting
) -> tuple[NDArray[np.float64], str]:
    """Return ``(m,)`` raw p values and the name of the test."""
    if prepared.metric.proportion and prepared.alone:
        pairs = [_discordant(prepared, other, against) for other in others]
        return np.array([mcnemar_mid_p(*pair) for pair in pairs if pair]), "McNemar mid-p"
    if is_mean(prepared.metric):
        base = prepared.statistics[against].mean(axis=0)
        columns = [prepared.statistics[other].mean(axis=0) - base for other in others]
        sums = prepared.units.sums(np.concatenate(columns, axis=1))
        p, test = sign_flip(sums, derive_seed(setting.seed, "flips")), "sign flips"
    elif not setting.swap:
        p, test = np.zeros(len(others)), "bootstrap"
    else:
        swaps = derive_seed(setting.seed, "swaps")
        p = np.array([approximate_randomisation(prepared, i, against, swaps) for i in others])
        test = "approximate randomisation"
    crossed = prepared.crossed(against) or any(prepared.crossed(i) for i in others)
    if crossed or test == "bootstrap":
        # Flips and swaps see rows only; what seeds add is seen by the crossed bootstrap alone.
        for position, other in enumerate(others):
            difference = draws.resampled[:, other] - draws.resampled[:, against]
            p[position] = max(p[position], bootstrap_p(difference, prepared.units.freedom))
    if crossed and test != "bootstrap":
        test += ", and crossed bootstrap"
    return p, test


def _interval(
    prepared: Prepared,
    draws: Draws,
    pair: tuple[int, int],
    alpha: float,
    discordant: tuple[int, int] | None,
) -> tuple[float, float, str]:
    """Return the ends of the difference's interval (NaN: none) and the name of the method."""
    first, second = pair
    value = float(draws.values[first] - draws.values[second])
    if discordant is not None and not math.isnan(value):
        return (*bonett_price(*discordant, prepared.n, alpha), "Bonett-Price")
    difference = draws.resampled[:, first] - draws.resampled[:, second]
    freedom = prepared.units.freedom
    low = quantile(difference, value, alpha / 2, freedom)
    high = quantile(difference, value, 1 - alpha / 2, freedom)
    if math.isnan(low) or math.isnan(high) or math.isnan(value):
        return math.nan, math.nan, "undefined"
    least = float(-ndtri(alpha / 2)) * least_error(prepared)
    return min(low, value - least), max(high, value + least), method(prepared, pair)


def _discordant(prepared: Prepared, first: int, second: int) -> tuple[int, int] | None:
    """Return rows that only the first and only the second has right; None where not so simple."""
    if not (prepared.metric.proportion and prepared.alone):
        return None
    difference = prepared.statistics[first][0, :, 0] - prepared.statistics[second][0, :, 0]
    return int((difference > 0).sum()), int((difference < 0).sum())


def _learners(
    prepared: Prepared, first: int, second: int, setting: Setting
) -> tuple[float | None, float | None, float | None, float | None]:
    """Return corrected p, and the posterior of better, equivalent and worse; None where not run."""
    folds = setting.folds
    names = prepared.names[first], prepared.names[second]
    if folds is None or not all(name in folds.scores for name in names):
        return None, None, None, None
    differences = prepared.sign * (folds.scores[names[0]] - folds.scores[names[1]])
    if len(differences) < 2 or np.isnan(differences).any():
        return None, None, None, None
    p = corrected_t(differences, folds.n_train, folds.n_test)
    belief = correlated_t(differences, folds.n_train, folds.n_test, setting.rope)
    return p, belief.better, belief.equivalent, belief.worse


def _spread(prepared: Prepared, error: float) -> float:
    """Return the standard deviation of a row's difference: 0 where only the least error stands."""
    return 0.0 if error <= least_error(prepared) else error * math.sqrt(prepared.n)


def _or_none(end: float) -> float | None:
    return None if math.isnan(end) else end
