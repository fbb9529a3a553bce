"""``bakeoff pretrain``: a language model of one's own, from one's own text."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bakeoff.cli.spoken import say

if TYPE_CHECKING:
    from bakeoff.apps.pretrain.record import Pretraining


@click.command("pretrain")
@click.argument("text", nargs=-1, required=True)
@click.option("--objective", metavar="NAME", default="mlm", help="mlm (default), mlm+nsp or clm.")
@click.option("--out", required=True, metavar="FOLDER", help="The checkpoint goes there.")
@click.option("--column", default="", metavar="NAME", help="Of a table or hub set.")
@click.option("--split", default="auto", help="Documents: blank-lines, lines or files.")
@click.option("--documents", type=int, metavar="N", help="Read so many at most.")
@click.option("--vocabulary", default=8000, show_default=True, help="Tokens of the tokenizer.")
@click.option("--tokenizer", default="", metavar="FOLDER", help="Take this one; train none.")
@click.option("--from", "begin_from", default="", metavar="FOLDER", help="Go on from this model.")
@click.option("--size", default="tiny", show_default=True, help="tiny, small or base.")
@click.option("--layers", type=int, help="In place of the size's own.")
@click.option("--width", type=int, help="In place of the size's own.")
@click.option("--heads", type=int, help="In place of the size's own.")
@click.option("--length", default=128, show_default=True, help="Tokens of a row.")
@click.option("--dropout", default=0.0, show_default=True, help="Share of the states left out.")
@click.option("--epochs", default=3, show_default=True, help="Passes over the text.")
@click.option("--batch-rows", default=32, show_default=True, help="Rows of a batch.")
@click.option("--accumulate", default=1, show_default=True, help="Batches of a step.")
@click.option("--learning-rate", type=float, help="Peak (default: 1e-3, wide models 4e-4).")
@click.option("--optimiser", default="adamw", show_default=True, help="adamw or muon.")
@click.option("--schedule", default="cosine", show_default=True, help="cosine or trapezoid.")
@click.option("--warmup", default=0.05, show_default=True, help="Share of the steps.")
@click.option("--weight-decay", default=0.01, show_default=True, help="Of weight matrices.")
@click.option("--precision", default="auto", show_default=True, help="auto, fp32 or bf16.")
@click.option(
    "--held-out", default=0.05, show_default=True, help="Share of the documents to validate on."
)
@click.option("--seed", default=0, show_default=True, help="Of everything random.")
@click.option("--threads", type=int, metavar="N", help="Of the CPU (default: one a core).")
@click.option("--device", default="auto", show_default=True, help="auto, cpu, cuda, cuda:1.")
@click.option("--tensorboard", metavar="FOLDER", help="Write the curves there.")
@click.option("--json", "as_json", is_flag=True, help="Print the record as JSON.")
def command(
    *,
    text: tuple[str, ...],
    out: str,
    threads: int | None,
    device: str,
    tensorboard: str | None,
    as_json: bool,
    **settings: Any,
) -> None:
    """Pre-train a language model on TEXT: files (.txt, .csv, .parquet, ...) or hub:NAME[:CONFIG].

    A tokenizer is trained, then a BERT-like (mlm, mlm+nsp) or GPT-like model (clm). FOLDER is an
    ordinary checkpoint: "bakeoff run ... --contenders hf@use=finetuned:FOLDER" lets it compete.
    Stopped anywhere, the same command goes on to the very same weights. Needs the extra torch.

    \b
    bakeoff pretrain reviews.csv --column text --objective mlm --out my-bert
    bakeoff pretrain book.txt.gz --objective clm --size small --out my-gpt
    """  # noqa: D301 - click's mark for "do not wrap"
    from bakeoff.core.errors import UsageError
    from bakeoff.core.extras import require

    for package in ("torch", "transformers"):
        require(package, extra="torch", needed_by="bakeoff pretrain")
    if threads is not None and threads < 1:
        raise UsageError(f"--threads is {threads}", why="it must be at least 1")
    from bakeoff.apps.pretrain.run import pretrain_text
    from bakeoff.apps.pretrain.settings import Settings
    from bakeoff.plan.budget import usable_cores
    from bakeoff.results.codec import to_json

    if tensorboard is not None:
        os.environ["BAKEOFF_TENSORBOARD"] = str(Path(tensorboard).resolve())
    record = pretrain_text(
        Settings(text, **settings),
        Path(out),
        threads=threads or usable_cores(),
        device=device,
        log=lambda line: say([f"  {line}"]),
    )
    if as_json:
        click.echo(to_json(record))
    else:
        say(_lines(record, out))


def _lines(record: Pretraining, out: str) -> list[str]:
    """Return what a pre-training brought, as a person would say it."""
    lines = [f"{out}: {record.parameters:,} weights, {record.steps:,} steps in {record.precision}"]
    loss = record.valid_loss
    if loss is not None:
        said = f"  held-out text: loss {loss:.3f} nats a predicted token"
        bits = record.bits_per_byte
        lines.append(said if bits is None else f"{said}, {bits:.3f} bits a byte")
    if record.speed is not None:
        share = record.speed.peak_share
        of = "" if share is None else f", {share:.0%} of this machine's matrix products"
        cpu = record.speed.cpu_seconds_per_million_tokens
        lines.append(
            f"  speed: {record.speed.tokens_per_second:,.0f} tokens a second{of}; "
            f"{cpu:.0f} CPU-seconds a million tokens"
        )
    lines += [f"  note: {note}" for note in record.notes]
    use = "hf-llm" if record.settings.objective == "clm" else "hf@use=finetuned"
    return [*lines, f"  next: bakeoff run FILE --target COLUMN --contenders {use}:{out}"]
