"""``bakeoff demo``: does one need a large language model to sort docstrings?"""

from __future__ import annotations

import click

ASSUMED_PRICE = "0.50/1000"
"""Dollars per answers: 180 prompt and 5 answer tokens a row, at an example price of $2.50 and $10
per million; what the answers really cost is not recorded."""


@click.command("demo")
@click.option("--group", type=click.Choice(["module"]), help="Ask the harder question.")
@click.option("--out", metavar="FOLDER", help="Run folder (default runs/docstrings).")
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", help="Language of the page.")
@click.option("--json", "as_json", is_flag=True, help="Print the analysis as JSON.")
def command(group: str | None, out: str | None, lang: str, *, as_json: bool) -> int:
    """Decide whether sorting the docstrings of this Python needs a large language model.

    About 4,300 texts in seven areas, made on the spot; 400 of them were answered by a large
    language model (name not recorded). No network is used. With --group module, all texts of a
    module stay on one side of every split, so that it is asked about modules never seen.
    """
    from bakeoff.cli.run import run
    from bakeoff.data.readers.docstrings import answers_file

    options = {
        "target": "area",
        "text": ("text",),
        "answers": (str(answers_file()),),
        "answers_origin": ("llm",),
        "answers_price": (ASSUMED_PRICE,),
        "group": group,
        "ignore": () if group == "module" else ("module",),
        "out": out,
        "name": None if group is None else f"docstrings-by-{group}",
    }
    click.echo(f"assumed: ${ASSUMED_PRICE} answers of the language model", err=True)
    return run("docstrings", lang, as_json=as_json, options=options)
