"""``bakeoff demo``: the classic comparison of language models with the rest of deep learning."""

from __future__ import annotations

import shlex
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bakeoff.plan.classic.part import Part
    from bakeoff.plan.classic.run import Outcome
    from bakeoff.plan.compare import Audience
    from bakeoff.results.together import Missing


@click.command("demo")
@click.option("--only", multiple=True, metavar="NAMES", help="Only these sets, between commas.")
@click.option(
    "--group", type=click.Choice(["module"]), help="Ask the harder question of the docstrings."
)
@click.option("--full", is_flag=True, help="GLUE's nine tasks and CIFAR-10, from the hub.")
@click.option("--data", metavar="FOLDER", help="With --full: the sets, a subfolder each.")
@click.option("--encoder", metavar="NAME|FOLDER", help="With --full: in place of MiniLM.")
@click.option("--limit", type=int, metavar="ROWS", help="At most so many rows of a part.")
@click.option("--folds", type=int, metavar="N", help="Default 3; 1: the test rows decide alone.")
@click.option("--time", metavar="1h", help="Limit of each comparison (with --full default 24h).")
@click.option("--out", metavar="FOLDER", help="Folder of the runs and the common page.")
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", help="Language of pages.")
@click.option("--json", "as_json", is_flag=True, help="Print analyses, table and claims as JSON.")
def command(  # noqa: PLR0913 - one argument for each option
    only: tuple[str, ...],
    group: str | None,
    *,
    full: bool,
    data: str | None,
    encoder: str | None,
    limit: int | None,
    folds: int | None,
    time: str | None,
    out: str | None,
    lang: str,
    as_json: bool,
) -> int:
    """Compare language models with the rest of deep learning: three small sets, one table.

    Docstrings of this Python sorted into seven areas (with a large language model's answers), the
    pictures of digits, and the angle by which a digit was turned. No network is used. Each set has
    a decision page of its own. With --group module, all texts of a module stay on one side of
    every split.

    \b
    bakeoff demo
    bakeoff demo --only docstrings,digits
    bakeoff demo --full --data FOLDER --limit 2000
    bakeoff demo --full --encoder bert-base-uncased
    """  # noqa: D301 - click's mark for "do not wrap"
    names = tuple(name.strip() for item in only for name in item.split(",") if name.strip())
    _refuse_unfit(full=full, data=data, encoder=encoder, group=group)
    if full:
        parts, missing = _full_parts(names, data, encoder)
    else:
        parts, missing = _small_parts(names, group), ()
    changed = tuple(part.with_options(limit=limit, folds=folds, time=time) for part in parts)
    root = Path(out or ("runs/classic" if full else "runs/demo"))
    return _run(changed, missing, root, lang, full=full, as_json=as_json)


def _refuse_unfit(*, full: bool, data: str | None, encoder: str | None, group: str | None) -> None:
    """Refuse options of the other comparison.

    Raises:
        UsageError: An option has no effect here.
    """
    from bakeoff.core.errors import UsageError

    for name, value in (("--data", data), ("--encoder", encoder)):
        if value and not full:
            raise UsageError(f"{name} belongs to the full comparison", fix=f"--full {name} ...")
    if group and full:
        raise UsageError("--group is for the docstrings", fix="leave --full or --group out")


def _small_parts(names: tuple[str, ...], group: str | None) -> tuple[Part, ...]:
    from bakeoff.plan.classic.small import small_parts

    return small_parts(names, group)


def _full_parts(
    names: tuple[str, ...], data: str | None, encoder: str | None
) -> tuple[tuple[Part, ...], tuple[Missing, ...]]:
    from bakeoff.plan.classic.folder import folder_parts
    from bakeoff.plan.classic.glue import hub_parts
    from bakeoff.plan.classic.part import chosen

    if data is None:
        return chosen(hub_parts(encoder or ""), names), ()
    parts, missing = folder_parts(Path(data), encoder or "")
    return chosen(parts, names), tuple(one for one in missing if not names or one.name in names)


def _run(
    parts: Sequence[Part],
    missing: Sequence[Missing],
    root: Path,
    lang: str,
    *,
    full: bool,
    as_json: bool,
) -> int:
    """Run all parts and show what came of it; return the exit code."""
    from bakeoff.cli.budgets import budget_lines
    from bakeoff.cli.spoken import say
    from bakeoff.plan.budget import usable_cores
    from bakeoff.plan.classic.part import able
    from bakeoff.plan.classic.run import run_together

    ready = tuple(able(part) for part in parts)
    say(budget_lines(ready, missing, usable_cores()))
    outcome = run_together(
        ready,
        root,
        stage=_stage,
        full=full,
        missing=missing,
        lang=lang,
        command=shlex.join(["bakeoff", *sys.argv[1:]]),
    )
    _show(outcome, lang, as_json=as_json)
    if outcome.unfinished:
        names = ", ".join(outcome.unfinished)
        click.echo(f"the time limit was reached before: {names}; run it again to go on", err=True)
        return 4
    return 3 if outcome.failed else 0


@contextmanager
def _stage() -> Iterator[Audience]:
    """Show one comparison's progress; its first table is left out, for the common one comes."""
    from bakeoff.cli.progress import Progress

    with Progress(first_table=False) as progress:
        yield progress


def _show(outcome: Outcome, lang: str, *, as_json: bool) -> None:
    from bakeoff.report.together.terminal import render_together_terminal
    from bakeoff.results.codec import to_json

    if as_json:
        click.echo(to_json(outcome.summary))
    else:
        text = render_together_terminal(outcome.together, str(outcome.page), lang)
        click.echo(text, err=True, nl=False)
