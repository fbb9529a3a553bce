"""The folded tables of the leaderboard: all metrics, recall of every class, all costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bakeoff.report import numbers
from bakeoff.report.board import ordered
from bakeoff.report.figures.view import Table
from bakeoff.report.visible import one_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from bakeoff.report.case import Case
    from bakeoff.results.analysis import Row


def metrics(case: Case) -> Table:
    """Return every metric of every scored contender, and its other primary scores."""
    words, others = case.words, case.analysis.metrics[1:]
    rows = []
    for row in ordered(case):
        if row.score is None:
            continue
        values = [
            words("page.none")
            if (value := row.metrics.get(metric.name)) is None
            else numbers.score(value, percent=metric.percent)
            for metric in others
        ]
        everywhere = case.estimate(row.score_everywhere)
        line = (case.label(row.name), case.estimate(row.score), *values, everywhere)
        rows.append((*line, case.estimate(row.lockbox), numbers.count(row.seeds)))
    titles = (case.metric(metric) for metric in case.analysis.metrics)
    head = ("board.everywhere", "board.lockbox", "board.seeds")
    return Table(
        head=(words("board.contender"), *titles, *(words(key) for key in head)), rows=tuple(rows)
    )


def recalls(case: Case) -> Table | None:
    """Return the recall of every class, a row a class, or None where there are no classes."""
    classes = case.plan.task.classes
    rows = [row for row in case.ranked if len(row.recall_per_class) == len(classes)]
    if not classes or not rows:
        return None
    none = case.words("page.none")
    return Table(
        head=(case.words("board.class"), *(case.label(row.name) for row in rows)),
        rows=tuple(
            (
                one_line(label),
                *(
                    none if recall is None else numbers.score(recall, 0.05, percent=True)
                    for recall in (row.recall_per_class[place] for row in rows)
                ),
            )
            for place, label in enumerate(classes)
        ),
    )


def costs(case: Case) -> Table:
    """Return everything that was measured of costs."""
    words = case.words

    def shown(value: float | None, say: Callable[[float], str]) -> str:
        return words("page.none") if value is None else say(value)

    def line(row: Row) -> tuple[str, ...]:
        cost = row.cost
        return (
            case.label(row.name),
            shown(row.money.per_1000, numbers.money),
            shown(row.money.per_month, numbers.money),
            shown(cost.train_s, numbers.duration),
            shown(cost.spent_s, numbers.duration),
            shown(cost.latency_p50_s, numbers.duration),
            shown(cost.latency_p95_s, numbers.duration),
            shown(cost.throughput_per_s, numbers.about),
            shown(cost.peak_memory_bytes, numbers.size),
            shown(cost.model_bytes, numbers.size),
            shown(cost.parameters, numbers.about),
        )

    head = [
        "contender", "cost", "month", "train", "spent", "latency", "p95", "throughput", "memory",
        "model-size", "parameters",
    ]  # fmt: skip
    return Table(
        head=tuple(words(f"board.{key}") for key in head),
        rows=tuple(line(row) for row in ordered(case) if row.state == "done"),
    )
