"""``bakeoff report``: the decision page of a run, written again."""

from __future__ import annotations

import click

from bakeoff.cli.show import show


@click.command("report")
@click.argument("run")
@click.option(
    "-o", "--output", metavar="FILE", help="The page (default: report.html in the run folder)."
)
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", help="Language of the page.")
@click.option("--json", "as_json", is_flag=True, help="Print the analysis as JSON.")
def command(run: str, output: str | None, lang: str, *, as_json: bool) -> None:
    """Write the decision page of the run folder RUN and show its short form.

    \b
    bakeoff report runs/reviews
    bakeoff report runs/reviews --lang zh -o report-zh.html
    """  # noqa: D301 - click's mark for "do not wrap"
    from bakeoff.plan.result import open_result
    from bakeoff.results.codec import to_json

    result = open_result(run)
    page = result.report(output, lang=lang)
    if as_json:
        click.echo(to_json(result.analysis))
    else:
        show(result.plan, result.analysis, str(page), lang)
