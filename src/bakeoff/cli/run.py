"""``bakeoff run``: from a file to a decision."""

from __future__ import annotations

import shlex
import sys
from typing import Any

import click

from bakeoff.cli.options import Sectioned, shared_options
from bakeoff.cli.show import show


@click.command("run", cls=Sectioned)
@click.argument("source")
@shared_options
@click.option("--out", metavar="FOLDER", help="Run folder (default runs/NAME).")
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", help="Language of the page.")
@click.option("--json", "as_json", is_flag=True, help="Print the analysis as JSON.")
def command(source: str, lang: str, *, as_json: bool, **options: Any) -> int:
    """Compare contenders on SOURCE and write the decision page.

    SOURCE is a CSV, TSV, JSONL or Parquet file (.gz too), a folder of pictures with one subfolder
    a class, docstrings, sklearn:digits, or hf://org/name. The same command goes on where it was
    stopped.

    \b
    bakeoff run reviews.csv --target label
    bakeoff run tickets.csv --target intent --answers gpt_answer --answers-price 4.1/1000
    bakeoff run train.tsv --test test.tsv --target label --answers llm_answers.tsv
    bakeoff run photos/ --target folder
    """  # noqa: D301 - click's mark for "do not wrap"
    return run(source, lang, as_json=as_json, options=options)


def run(source: str, lang: str, *, as_json: bool, options: dict[str, Any]) -> int:
    """Run a comparison and show the decision; return the exit code."""
    from bakeoff.cli.progress import Progress
    from bakeoff.plan.compare import compare
    from bakeoff.results.codec import to_json

    with Progress() as progress:
        result = compare(source, listener=progress, command=_typed(), **options)
        page = result.folder.report_file if lang == "en" else result.report(lang=lang)
    if as_json:
        click.echo(to_json(result.analysis))
    else:
        show(result.plan, result.analysis, str(page), lang)
    if result.unfinished:
        names = ", ".join(result.unfinished)
        click.echo(f"the time limit was reached before: {names}; run it again to go on", err=True)
        return 4
    return 3 if result.failed else 0


def _typed() -> str:
    """Return the command as the user typed it."""
    return shlex.join(["bakeoff", *sys.argv[1:]])
