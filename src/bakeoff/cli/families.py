"""``bakeoff families``: the families of models side by side, measured on the spot."""

from __future__ import annotations

from pathlib import Path

import click

from bakeoff.cli.spoken import say


@click.command("families")
@click.option(
    "--out", metavar="FOLDER", default=".", help="Where families.html goes (default: here)."
)
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", help="Language of the page.")
@click.option("--markdown", metavar="FOLDER", help="Write families.md with its pictures there too.")
@click.option("--json", "as_json", is_flag=True, help="Print what was measured as JSON.")
def command(out: str, lang: str, markdown: str | None, *, as_json: bool) -> None:
    """Train and take apart twelve families of models, and write one page about them.

    From n-grams to a pretrained Transformer: what each is built of and how it does on the same
    rows; gradients over time; back-propagation step by step; words in context; attention;
    optimisers. About two minutes on two cores; no network is used. Needs the extra torch.

    \b
    bakeoff families --out pages --lang zh
    """  # noqa: D301 - click's mark for "do not wrap"
    from bakeoff.core.extras import require
    from bakeoff.core.files import write_atomic

    require("torch", extra="torch", needed_by="bakeoff families")
    from bakeoff.apps.families.markdown import write_markdown
    from bakeoff.apps.families.page import render_page
    from bakeoff.apps.families.record import measure
    from bakeoff.apps.families.terminal import render_terminal
    from bakeoff.results.codec import to_json

    families = measure(log=lambda line: say([f"  {line} ..."]))
    page = Path(out) / "families.html"
    page.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(page, render_page(families, lang).encode())
    written = [page] if markdown is None else [page, write_markdown(families, Path(markdown))]
    if as_json:
        click.echo(to_json(families))
    else:
        say(render_terminal(families, lang))
    say(f"  {path}" for path in written)
