"""``bakeoff predict``: new rows through a run's model."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("predict")
@click.argument("run")
@click.argument("source")
@click.option("-o", "--output", metavar="FILE", required=True, help="CSV file to write.")
@click.option("--model", metavar="NAME", help="Another contender than the chosen one.")
@click.option("--raw", is_flag=True, help="Leave cells that look like formulas as they are.")
def command(run: str, source: str, output: str, model: str | None, *, raw: bool) -> None:
    """Predict the rows of SOURCE with the model chosen in the run folder RUN."""
    from bakeoff.data.export import write_csv
    from bakeoff.plan.compare import open_result
    from bakeoff.plan.predictions import prediction_table

    chosen = open_result(run).best(model)
    dataset = chosen.read(source)
    table = prediction_table(chosen, dataset)
    cells = (table[name].to_pylist() for name in table.column_names)
    write_csv(Path(output), table.column_names, zip(*cells, strict=True), raw=raw)
    click.echo(f"{len(dataset):,} rows predicted by {chosen.name}: {output}", err=True)
