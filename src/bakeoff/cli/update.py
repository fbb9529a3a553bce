"""``bakeoff update``: a fitted model goes on with new rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bakeoff.results.update import Change, UpdateRecord


@click.command("update")
@click.argument("place", metavar="MODEL")
@click.argument("source")
@click.option("--target", metavar="COLUMN", help="Column of the labels (default: as in training).")
@click.option("--model", metavar="NAME", help="Of a run: another contender than the chosen one.")
@click.option("--old", metavar="FILE", help="Old rows, in place of those of the run.")
@click.option("--out", metavar="FOLDER", help="Where the updated model is written.")
@click.option("--replay", type=float, default=0.5, metavar="SHARE", show_default=True,
              help="Share of old rows among those that it learns from.")  # fmt: skip
@click.option("--judge", type=float, default=0.3, metavar="SHARE", show_default=True,
              help="Share of the new rows held out to judge it.")  # fmt: skip
@click.option("--rope", type=float, metavar="POINTS", help="A difference that does not matter.")
@click.option("--seed", type=int, default=0, metavar="N", help="Of everything random.")
@click.option("--device", default="auto", metavar="NAME", help="Of nets: auto, cpu, cuda:1.")
@click.option("--json", "as_json", is_flag=True, help="Print the record as JSON.")
def command(*, as_json: bool, **options: Any) -> None:
    """Let MODEL go on learning from the rows of SOURCE, and say what that gained and lost.

    MODEL is a run folder or the folder of a saved model. A part of the new rows is held out; the
    old run's lockbox (or --old FILE) shows what was forgotten. The model as it was stays as it is.

    \b
    bakeoff update runs/reviews new.csv --target label
    bakeoff update runs/reviews/updated/ngram-linear newer.csv --old reviews.csv
    """  # noqa: D301 - click's mark for "do not wrap"
    from bakeoff.plan.update.run import UpdateRequest, update_model
    from bakeoff.results.codec import to_json

    record = update_model(UpdateRequest(**options))
    if as_json:
        click.echo(to_json(record))
        return
    for line in _lines(record):
        click.echo(line, err=True)


def _lines(record: UpdateRecord) -> Iterator[str]:
    again = f", {record.replayed_rows:,} old rows again" if record.replayed_rows else ""
    out = f" ({record.left_out:,} were left out)" if record.left_out else ""
    yield f"{record.contender} went on with {record.new_rows:,} new rows{out}{again}"
    yield _line("new rows", record.new, record)
    if record.old is not None:
        yield _line("old rows", record.old, record)
    if record.openings:
        yield f"the old run's lockbox has now been opened {record.openings} time(s)"
    yield from record.notes
    yield record.sentence
    yield f"The updated model: {record.folder}"


def _line(name: str, change: Change, record: UpdateRecord) -> str:
    scale, unit = (100, " points") if record.percent else (1, "")
    seen = change.difference
    between = ""
    if seen.low is not None and seen.high is not None:
        between = f" [{scale * seen.low:+.2f}, {scale * seen.high:+.2f}]"
    return (
        f"{name} ({change.rows:,}): {record.metric} {change.before.value:.3f} before, "
        f"{change.after.value:.3f} after; {scale * seen.value:+.2f}{unit}{between}, 95 % interval, "
        "positive is better"
    )
