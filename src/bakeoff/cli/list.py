"""``bakeoff list``: contenders, metrics, kinds of task and readers."""

from __future__ import annotations

import json

import click

from bakeoff.cli.spoken import say, wrap


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print the lists as JSON.")
def command(*, as_json: bool) -> None:
    """List what competes and by what it is judged; entry points of other packages included.

    \b
    bakeoff run reviews.csv --target label --contenders ngram-linear,ngram-linear@C=1
    bakeoff run reviews.csv --target label --answers gpt --contenders "cascade:bm25-knn>answers:gpt"
    """  # noqa: D301 - click's mark for "do not wrap"
    from bakeoff.contenders.registry import CONTENDERS
    from bakeoff.core.errors import BakeoffError
    from bakeoff.data.readers import READERS
    from bakeoff.metrics.registry import METRICS
    from bakeoff.tasks.kind import KINDS

    contenders = {}
    for name in CONTENDERS.names():
        try:
            card = CONTENDERS.load(name).card
        except BakeoffError as error:
            contenders[name] = {"summary": f"cannot be loaded: {error}", "needs": []}
            continue
        contenders[name] = {
            "family": card.family,
            "summary": card.summary,
            "kinds": sorted(card.kinds),
            "needs": sorted(card.needs),
            "extras": list(card.extras),
            "source": card.source,
        }
    other = {
        "metrics": METRICS.names(),
        "kinds": KINDS.names(),
        "readers": READERS.names(),
    }
    if as_json:
        click.echo(json.dumps({"contenders": contenders, **other}, indent=1))
        return
    say(["contenders (NAME[@setting=value][:ARGUMENT])"])
    for name, facts in contenders.items():
        needs = f" [{', '.join(facts['needs'])}]" if facts["needs"] else ""
        say(wrap(f"  {name:<20} {facts['summary']}{needs}"))
    for title, names in other.items():
        say(wrap(f"{title}: {', '.join(names)}"))
