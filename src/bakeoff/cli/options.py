"""The options that `run` and `plan` share, in sections; their names are those of `plan.options`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

_SECTIONS = {
    "What is predicted, from what": (
        click.option("--target", metavar="COLUMN", help="Column to predict."),
        click.option("--test", metavar="FILE", help="Official test split: it is the lockbox."),
        click.option("--valid", metavar="FILE", help="Official dev split."),
        click.option(
            "--unlabelled", metavar="FILE", help="Rows without a label, for 'distilled:'."
        ),
        click.option("--text", multiple=True, metavar="COLUMN", help="A text column."),
        click.option("--category", multiple=True, metavar="COLUMN", help="A category column."),
        click.option("--number", multiple=True, metavar="COLUMN", help="A number column."),
        click.option(
            "--image", multiple=True, metavar="COLUMN", help="A column of pictures or paths."
        ),
        click.option("--ignore", multiple=True, metavar="COLUMN", help="A column to leave out."),
        click.option("--id", metavar="COLUMN", help="Column that names rows."),
        click.option(
            "--group", metavar="COLUMN", help="Equal values stay on one side of every split."
        ),
        click.option(
            "--kind",
            type=click.Choice(["classification", "regression", "language-modelling"]),
            help="In place of the kind that the target's values show.",
        ),
        click.option(
            "--block",
            type=int,
            metavar="CHARACTERS",
            help="Language modelling: of a block of text.",
        ),
        click.option("--metric", metavar="NAME", help="Primary metric (see: bakeoff list)."),
        click.option("--limit", type=int, metavar="ROWS", help="At most so many rows of a part."),
    ),
    "Answers that an LLM (or anyone) already gave": (
        click.option(
            "--answers",
            multiple=True,
            metavar="COLUMN|FILE",
            help="A column, or a file with 'row' and 'answer'; rows may be missing.",
        ),
        click.option(
            "--answers-price", multiple=True, metavar="$/ROWS", help="For example 4.1/1000."
        ),
        click.option(
            "--answers-origin",
            multiple=True,
            metavar="NAME",
            help="Whose answers they are; 'llm': a language model of unrecorded name.",
        ),
    ),
    "Who competes": (
        click.option(
            "--contenders",
            multiple=True,
            metavar="NAMES",
            help="In place of the default table, between commas (see: bakeoff list).",
        ),
        click.option("--exclude", multiple=True, metavar="NAMES", help="Leave these out."),
        click.option("--reference", metavar="NAME", help="All others are compared with this one."),
    ),
    "How hard to try": (
        click.option("--time", metavar="10m", help="Time limit: 90s, 10m (the default) or 1h."),
        click.option(
            "--preset",
            type=click.Choice(["quick", "balanced", "thorough"]),
            help="3 folds, 1 seed; 5 folds, 3 seeds (the default); 5 times 5 folds, 5 seeds.",
        ),
        click.option(
            "--folds", type=int, metavar="N", help="From 2 to 50; 1: none, each learns once."
        ),
        click.option(
            "--seeds", type=int, metavar="N", help="For contenders that depend on the seed."
        ),
        click.option("--seed", type=int, metavar="N", help="Of everything random (default 0)."),
        click.option("--workers", type=int, metavar="N", help="Processes (default: one a core)."),
        click.option("--device", metavar="NAME", help="Of nets: auto (the default), cpu, cuda:1."),
    ),
    "What it costs, and what matters": (
        click.option(
            "--volume", metavar="100k/month", help="Predictions that you need; also /day, /year."
        ),
        click.option(
            "--rope",
            type=float,
            metavar="POINTS",
            help="A difference that you would not care about (default 1 point).",
        ),
        click.option("--machine-price", type=float, metavar="$", help="Of a CPU core for an hour."),
        click.option(
            "--hosting-price", type=float, metavar="$", help="Of a small machine for a month."
        ),
        click.option("--prices", metavar="FILE", help="Your own prices, as TOML."),
    ),
    "Language models that this run asks": (
        click.option(
            "--llm",
            multiple=True,
            metavar="MODEL@URL",
            help="Let it compete, alone and together with small models (OpenAI-compatible URL).",
        ),
        click.option(
            "--llm-price",
            metavar="PROMPT/COMPLETION",
            help="Dollars per million tokens, for example 0.15/0.60.",
        ),
        click.option("--max-cost", type=float, metavar="$", help="Spend no more than this."),
        click.option("--max-calls", type=int, metavar="N", help="Make no more calls than this."),
        click.option(
            "--ask-all", is_flag=True, default=None, help="Ask all rows, in place of at most 500."
        ),
    ),
    "The run": (
        click.option("--name", metavar="NAME", help="Name of the run (default: the file's)."),
        click.option(
            "--tensorboard", metavar="FOLDER", help="Write the curves of all training there."
        ),
        click.option("--config", metavar="FILE", help="TOML file with any of these options."),
    ),
}
_SECTION_OF: dict[str, str] = {}


def shared_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the shared options to a command."""
    for title, options in reversed(_SECTIONS.items()):
        for option in reversed(options):
            command = option(command)
            # click keeps what it will make an option of on the function itself.
            _SECTION_OF[vars(command)["__click_params__"][-1].name] = title
    return command


class Sectioned(click.Command):
    """A command whose help shows its options in sections, in the order of the question."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, section by section; a command's own stand in the last."""
        rows: dict[str, list[tuple[str, str]]] = {title: [] for title in _SECTIONS}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record is not None:
                title = _SECTION_OF.get(parameter.name or "", list(_SECTIONS)[-1])
                rows[title].append(record)
        for title, records in rows.items():
            with formatter.section(title):
                formatter.write_dl(records)
