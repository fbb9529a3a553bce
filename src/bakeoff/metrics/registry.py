"""Names of metrics. To add one: write its class in this room, and one line here.

Another package adds one through an entry point in the group ``bakeoff.metrics``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bakeoff.core.registry import Registry

if TYPE_CHECKING:
    from bakeoff.metrics.base import Metric

METRICS: Registry[type[Metric]] = Registry(
    "metric",
    {
        "accuracy": "bakeoff.metrics.labels:Accuracy",
        "balanced_accuracy": "bakeoff.metrics.labels:BalancedAccuracy",
        "recall_macro": "bakeoff.metrics.labels:RecallMacro",
        "f1_macro": "bakeoff.metrics.labels:F1Macro",
        "mcc": "bakeoff.metrics.labels:Mcc",
        "f1": "bakeoff.metrics.labels:F1",
        "log_loss": "bakeoff.metrics.probabilities:LogLoss",
        "brier": "bakeoff.metrics.probabilities:Brier",
        "ece": "bakeoff.metrics.probabilities:ExpectedCalibrationError",
        "mse": "bakeoff.metrics.regression:MeanSquaredError",
        "rmse": "bakeoff.metrics.regression:RootMeanSquaredError",
        "mae": "bakeoff.metrics.regression:MeanAbsoluteError",
        "r2": "bakeoff.metrics.regression:R2",
        "spearman": "bakeoff.metrics.correlation:Spearman",
        "pearson": "bakeoff.metrics.correlation:Pearson",
        "bits_per_byte": "bakeoff.metrics.language:BitsPerByte",
        "word_perplexity": "bakeoff.metrics.language:WordPerplexity",
    },
    "bakeoff.metrics",
)


def load_metric(name: str) -> Metric:
    """Return the metric of this name.

    Raises:
        UsageError: No metric has this name; the message shows the nearest ones.
    """
    return METRICS.load(name)()
