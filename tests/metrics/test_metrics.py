"""Every metric against scikit-learn or scipy, on random cases, by hand and under weights."""

import warnings

import numpy as np
import pytest
import scipy.stats
import sklearn.metrics as sk

from bakeoff.core.errors import UsageError
from bakeoff.metrics.base import Pairs
from bakeoff.metrics.labels import recall_per_class
from bakeoff.metrics.registry import METRICS, load_metric

LABELS = ("accuracy", "balanced_accuracy", "recall_macro", "f1_macro", "mcc")
TWO_CLASSES = ("f1",)
PROBABILITIES = ("log_loss", "brier", "ece")
REGRESSION = ("mse", "rmse", "mae", "r2", "pearson", "spearman")
N_CASES = 200


def label_pairs(seed, n_classes=None, missing=0.0):
    """Random classes; some absent from the truth, some from the predictions, often unbalanced."""
    rng = np.random.default_rng(seed)
    n_classes = n_classes or int(rng.integers(2, 8))
    n = int(rng.integers(2, 60))
    shares = rng.dirichlet(np.full(n_classes, 0.6))
    truth = rng.choice(n_classes, n, p=shares)
    guess = rng.choice(n_classes, n, p=rng.dirichlet(np.full(n_classes, 0.6)))
    predicted = np.where(rng.random(n) < rng.random(), truth, guess)
    predicted = np.where(rng.random(n) < missing, -1, predicted)
    chances = rng.dirichlet(np.full(n_classes, 0.5), n)
    classes = tuple(f"class {i}" for i in range(n_classes))
    return Pairs(truth, predicted, chances, classes)


def number_pairs(seed):
    """Random numbers; half of the cases rounded to many ties."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(3, 60))
    truth = rng.standard_t(3, n) + rng.choice([0.0, 1000.0])
    predicted = truth * rng.choice([-1, 0.3, 1]) + rng.normal(0, 2, n)
    if seed % 2:
        truth, predicted = truth.round(), predicted.round()
    return Pairs(truth, predicted)


def ours(name, pairs, weights=None):
    metric = load_metric(name)
    return metric.total(metric.statistics(pairs), weights)


def oracle(name, pairs):
    truth, predicted = pairs.truth, pairs.predicted
    n_classes = len(pairs.classes)
    answers = {
        "accuracy": lambda: sk.accuracy_score(truth, predicted),
        "balanced_accuracy": lambda: sk.balanced_accuracy_score(truth, predicted),
        "recall_macro": lambda: sk.recall_score(
            truth, predicted, labels=np.unique(truth), average="macro", zero_division=np.nan
        ),
        "f1_macro": lambda: sk.f1_score(truth, predicted, average="macro"),
        "mcc": lambda: sk.matthews_corrcoef(truth, predicted),
        "log_loss": lambda: sk.log_loss(truth, pairs.probabilities, labels=range(n_classes)),
        "brier": lambda: sk.brier_score_loss(truth, _for_brier(pairs), labels=range(n_classes)),
        "ece": lambda: _naive_ece(pairs),
        "mse": lambda: sk.mean_squared_error(truth, predicted),
        "rmse": lambda: sk.root_mean_squared_error(truth, predicted),
        "mae": lambda: sk.mean_absolute_error(truth, predicted),
        "r2": lambda: sk.r2_score(truth, predicted),
        "pearson": lambda: scipy.stats.pearsonr(truth, predicted).statistic,
        "spearman": lambda: scipy.stats.spearmanr(truth, predicted).statistic,
    }
    with warnings.catch_warnings():
        # scikit-learn and scipy warn about absent classes and constants, which are wanted here.
        warnings.simplefilter("ignore")
        return answers[name]()


def _for_brier(pairs):
    chances = pairs.probabilities
    return chances[:, 1] if chances.shape[1] == 2 else chances


def _naive_ece(pairs):
    confidence = pairs.probabilities.max(axis=1)
    gap = 0.0
    for index in range(15):
        inside = (confidence > index / 15) & (confidence <= (index + 1) / 15)
        if inside.any():
            right = (pairs.truth == pairs.predicted)[inside].mean()
            gap += inside.mean() * abs(right - confidence[inside].mean())
    return gap


def undefined(name, pairs):
    """Where the oracle returns a number for what has none."""
    return name in ("mcc", "r2") and len(set(pairs.truth)) == 1


@pytest.mark.parametrize("name", LABELS + PROBABILITIES)
def test_a_class_metric_equals_its_oracle(name):
    for seed in range(N_CASES):
        pairs = label_pairs(seed)
        value = ours(name, pairs)
        assert value.shape == (1,)
        if undefined(name, pairs):
            assert np.isnan(value[0])
        else:
            assert value[0] == pytest.approx(oracle(name, pairs), abs=1e-9), seed


@pytest.mark.parametrize("name", REGRESSION)
def test_a_regression_metric_equals_its_oracle(name):
    for seed in range(N_CASES):
        pairs = number_pairs(seed)
        value = ours(name, pairs)[0]
        if undefined(name, pairs):
            assert np.isnan(value)
        else:
            assert value == pytest.approx(oracle(name, pairs), rel=1e-9, abs=1e-9, nan_ok=True)


@pytest.mark.parametrize("name", LABELS + PROBABILITIES + REGRESSION)
def test_a_weighted_total_is_the_total_of_the_repeated_rows(name):
    for seed in range(40):
        pairs = number_pairs(seed) if name in REGRESSION else label_pairs(seed, missing=0.1)
        metric = load_metric(name)
        statistics = metric.statistics(pairs)
        weights = np.random.default_rng(seed).integers(0, 3, (5, len(pairs))).astype(float)
        repeated = [
            metric.total(np.repeat(statistics, row.astype(int), axis=0))[0] for row in weights
        ]
        assert metric.total(statistics, weights) == pytest.approx(repeated, nan_ok=True)
        assert metric.total(statistics, 2.5 * weights) == pytest.approx(repeated, nan_ok=True)


@pytest.mark.parametrize("name", ["accuracy", "recall_macro", "mcc"])
def test_a_missing_class_is_an_error_and_no_class_of_its_own(name):
    for seed in range(50):
        pairs = label_pairs(seed, missing=0.3)
        if not undefined(name, pairs):
            assert ours(name, pairs)[0] == pytest.approx(oracle(name, pairs), abs=1e-9)


def test_f1_has_no_class_of_missing_predictions():
    pairs = Pairs(np.array([0, 0, 1, 1]), np.array([0, -1, 1, 1]), None, ("a", "b"))
    assert ours("f1_macro", pairs)[0] == pytest.approx((2 / 3 + 1) / 2)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("accuracy", 3 / 6),
        ("recall_macro", (1 + 0 + 0) / 3),
        ("f1_macro", (6 / 7 + 0 + 0) / 3),
        ("mcc", (6 * 3 - (3 * 4 + 2 * 1 + 1 * 1)) / np.sqrt((36 - 14) * (36 - 18))),
    ],
)
def test_metrics_of_classes_by_hand(name, expected):
    pairs = Pairs(np.array([0, 0, 0, 1, 1, 2]), np.array([0, 0, 0, 0, 2, 1]), None, tuple("abc"))
    assert ours(name, pairs)[0] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("mse", 2.5), ("rmse", 2.5**0.5), ("mae", 1.5), ("r2", 1 - 5 / 0.5), ("pearson", 1.0)],
)
def test_a_row_without_a_number_is_left_out(name, expected):
    pairs = Pairs(np.array([1.0, 2.0, 3.0, 9.0]), np.array([2.0, 4.0, np.nan, np.nan]))
    assert ours(name, pairs)[0] == pytest.approx(expected)
    weights = np.array([[1.0, 1.0, 5.0, 0.0]])
    assert ours(name, pairs, weights)[0] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("name", "expected"), [("log_loss", np.log(4)), ("brier", 0.75), ("ece", 0.25)]
)
def test_a_row_without_probabilities_is_charged_as_uniform(name, expected):
    chances = np.full((3, 4), np.nan)
    pairs = Pairs(np.array([0, 1, 2]), np.array([-1, -1, -1]), chances, tuple("abcd"))
    assert ours(name, pairs)[0] == pytest.approx(expected)


@pytest.mark.parametrize("name", PROBABILITIES)
def test_a_contender_without_probabilities_gets_no_number(name):
    pairs = Pairs(np.array([0, 1]), np.array([0, 1]), None, ("a", "b"))
    assert np.isnan(ours(name, pairs)).all()


@pytest.mark.parametrize("name", ["mcc", "r2", "pearson", "spearman"])
def test_what_is_undefined_is_not_zero(name):
    constant = np.zeros(5) if name != "mcc" else np.zeros(5, dtype=int)
    pairs = Pairs(constant, constant, None, ("a", "b"))
    assert np.isnan(ours(name, pairs)[0])
    offset = Pairs(constant + 1e6 + 0.1, np.arange(5.0)) if name != "mcc" else pairs
    assert np.isnan(ours(name, offset)[0])


@pytest.mark.parametrize("name", LABELS + PROBABILITIES + REGRESSION)
def test_no_rows_and_no_weight_give_no_number(name):
    empty = Pairs(np.array([], dtype=int), np.array([], dtype=int), np.empty((0, 2)), ("a", "b"))
    with np.errstate(all="raise"):
        assert np.isnan(ours(name, empty)).all()
    pairs = number_pairs(1) if name in REGRESSION else label_pairs(1)
    assert np.isnan(ours(name, pairs, np.zeros((2, len(pairs))))).all()


def test_the_same_guess_for_all_has_no_correlation_with_the_truth():
    guess = Pairs(np.array([0, 1, 1, 0, 1]), np.ones(5, dtype=int), None, ("a", "b"))
    assert ours("mcc", guess) == [0.0]
    assert (ours("mcc", guess, np.eye(5) + 1) == 0.0).all()


def test_recall_per_class_has_no_number_for_an_absent_class():
    pairs = Pairs(np.array([0, 0, 2]), np.array([0, -1, 2]), None, ("a", "b", "c"))
    assert recall_per_class(pairs) == pytest.approx([0.5, np.nan, 1.0], nan_ok=True)


def test_many_resamples_are_split_into_blocks_without_a_seam():
    pairs = number_pairs(3)
    weights = np.random.default_rng(0).integers(0, 3, (20_000, len(pairs))).astype(float)
    whole = ours("spearman", pairs, weights)
    assert whole[[0, 9_999, 19_999]] == pytest.approx(
        ours("spearman", pairs, weights[[0, 9_999, 19_999]]), nan_ok=True
    )


@pytest.mark.parametrize(
    ("classes", "positive"),
    [(("0", "1"), 1), (("entailment", "not_entailment"), 0), (("north", "south"), 1),
     (("negative", "positive"), 1), (("equivalent", "non-equivalent"), 0)],
)  # fmt: skip
def test_f1_is_of_the_class_that_does_not_say_no(classes, positive):
    pairs = label_pairs(3, n_classes=2, missing=0.1)
    pairs = Pairs(pairs.truth, pairs.predicted, classes=classes)
    right = sk.f1_score(pairs.truth == positive, pairs.predicted == positive)
    assert ours("f1", pairs)[0] == pytest.approx(right)


def test_every_registered_metric_declares_its_facts():
    assert METRICS.names()[: len(LABELS) + 1] == (*LABELS, "f1")
    for name in METRICS.names():
        metric = load_metric(name)
        assert metric.name == name
        assert metric.kinds
        assert metric.value_range[0] < metric.value_range[1]
        assert metric.percent <= (metric.value_range == (0.0, 1.0))


def test_an_unknown_metric_is_answered_with_the_nearest():
    with pytest.raises(UsageError, match="recall_macro"):
        load_metric("recal_macro")
