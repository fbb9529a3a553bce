"""The options that `run`, `plan` and `demo` share; their names are those of `plan.options`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

_OPTIONS = (
    click.option("--target", help="Column to predict."),
    click.option("--valid", metavar="FILE", help="Official dev split."),
    click.option("--test", metavar="FILE", help="Official test split: the lockbox."),
    click.option("--text", multiple=True, metavar="COLUMN", help="A text column (repeatable)."),
    click.option("--category", multiple=True, metavar="COLUMN", help="A category column."),
    click.option("--number", multiple=True, metavar="COLUMN", help="A number column."),
    click.option("--image", multiple=True, metavar="COLUMN", help="A column of pictures or paths."),
    click.option("--ignore", multiple=True, metavar="COLUMN", help="A column to leave out."),
    click.option("--id", metavar="COLUMN", help="Column that names rows."),
    click.option("--group", metavar="COLUMN", help="Equal values stay on one side of a split."),
    click.option("--kind", type=click.Choice(["classification", "regression"])),
    click.option("--metric", help="Primary metric, in place of the task's own."),
    click.option(
        "--answers",
        multiple=True,
        metavar="COLUMN|FILE",
        help="Answers that an LLM (or anyone) already gave: a column, or a file with row, answer.",
    ),
    click.option("--answers-price", multiple=True, metavar="$/ROWS", help="For example 4.1/1000."),
    click.option(
        "--contenders", multiple=True, metavar="NAMES", help="In place of the default table."
    ),
    click.option("--exclude", multiple=True, metavar="NAMES", help="Leave these out."),
    click.option("--reference", metavar="NAME", help="All others are compared with this one."),
    click.option("--preset", type=click.Choice(["quick", "balanced", "thorough"])),
    click.option("--folds", type=int),
    click.option("--seeds", type=int, help="How many, for contenders that depend on the seed."),
    click.option("--limit", type=int, metavar="ROWS", help="At most so many rows of each part."),
    click.option("--time", metavar="10m", help="Time limit (default 10m), kept openly."),
    click.option(
        "--rope", type=float, metavar="POINTS", help="Difference you would not care about."
    ),
    click.option("--volume", metavar="100k/month", help="Predictions that you need."),
    click.option("--prices", metavar="FILE", help="Your own prices, as TOML."),
    click.option("--machine-price", type=float, metavar="$", help="Of a CPU core for an hour."),
    click.option("--hosting-price", type=float, metavar="$", help="Of a small machine a month."),
    click.option("--seed", type=int, help="Of everything random (default 0)."),
    click.option("--workers", type=int, help="Processes (default: one a core)."),
    click.option("--name", help="Name of the run."),
    click.option("--config", metavar="FILE", help="TOML file with any of these options."),
)


def shared_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the shared options to a command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command
