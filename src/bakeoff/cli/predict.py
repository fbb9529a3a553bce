"""``bakeoff predict``: new rows through a run's model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bakeoff.core.errors import UsageError

if TYPE_CHECKING:
    import pyarrow as pa


@click.command("predict")
@click.argument("run")
@click.argument("source")
@click.option("-o", "--output", metavar="FILE", help="CSV file (or .tsv) to write.")
@click.option("--model", metavar="NAME", help="Another contender than the chosen one.")
@click.option("--raw", is_flag=True, help="Leave cells that look like formulas as they are.")
@click.option("--json", "as_json", is_flag=True, help="Print the predictions as JSON.")
def command(
    run: str, source: str, output: str | None, model: str | None, *, raw: bool, as_json: bool
) -> None:
    """Predict the rows of SOURCE with the model chosen in the run folder RUN, or saved there.

    The file has the rows of SOURCE in their order, with the columns 'prediction' and
    'confidence' (from 0 to 1; empty where the model gives none); of a language model 'nats' and
    'bits_per_byte' of each text. Cells that a spreadsheet would run as formulas get a ' before
    them, unless --raw is given.

    \b
    bakeoff predict runs/reviews new.csv -o out.csv
    """  # noqa: D301 - click's mark for "do not wrap"
    from bakeoff.data.export import write_csv
    from bakeoff.plan.predictions import prediction_table
    from bakeoff.plan.result import open_model

    if output is None and not as_json:
        raise UsageError("there is no place for the predictions", fix="name a file: -o out.csv")
    chosen = open_model(run, model)
    dataset = chosen.read(source)
    table = prediction_table(chosen, dataset)
    if output is not None:
        cells = (table[name].to_pylist() for name in table.column_names)
        write_csv(Path(output), table.column_names, zip(*cells, strict=True), raw=raw)
        click.echo(f"{len(dataset):,} rows predicted by {chosen.name}: {output}", err=True)
    if as_json:
        click.echo(_as_json(chosen.name, table))


def _as_json(model: str, table: pa.Table) -> str:
    from bakeoff.plan.predictions import N_SAID

    rows = table.select(table.column_names[-N_SAID:]).to_pylist()
    return json.dumps({"model": model, "predictions": rows}, indent=1, ensure_ascii=False)
