"""The command line: one file a verb, loaded on use; human text on standard error."""

from __future__ import annotations

import importlib
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING, Any

import click

from bakeoff import __version__
from bakeoff.core.errors import BakeoffError, did_you_mean

if TYPE_CHECKING:
    from types import FrameType

VERBS = {
    "run": "Compare contenders on a labelled file and write the decision page.",
    "plan": "Show what would run, how long, at what price; nothing is trained.",
    "report": "Write the decision page of a run again.",
    "predict": "Predict new rows with a run's model.",
    "pretrain": "Train a language model on your own text, to let it compete.",
    "update": "Let a fitted model go on with new rows; what it gains and forgets.",
    "list": "List contenders, metrics, kinds of task and readers.",
    "demo": "Language models against the rest of deep learning: three sets, one table.",
    "families": "See the families of models side by side, measured on the spot.",
    "doctor": "Check this machine: versions, extras, cores, memory, disk.",
}


class Verbs(click.Group):
    """Loads a verb's module when the verb is used, so that help is fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the verbs in the order in which a user meets them."""
        del ctx
        # Not list(VERBS): once the verb `list` is loaded, that name is its module here.
        return [*VERBS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the verb's module and return its command."""
        if cmd_name not in VERBS:
            ctx.fail(f"no verb '{cmd_name}'\n  fix: {did_you_mean(cmd_name, VERBS)}")
        command: click.Command = importlib.import_module(f"bakeoff.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the verbs without importing them."""
        del ctx
        with formatter.section("Verbs"):
            formatter.write_dl([*VERBS.items()])


@click.group(
    cls=Verbs,
    no_args_is_help=False,
    invoke_without_command=True,
    subcommand_metavar="VERB ...",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="bakeoff")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Do I need a large language model for this? An honest comparison on your own data.

    \b
    bakeoff run reviews.csv --target label
    bakeoff run tickets.csv --target intent --answers gpt_answer --answers-price 4.1/1000
    bakeoff predict runs/reviews new.csv -o out.csv

    Exit codes: 0 ok, 1 error, 2 usage, 3 some contenders failed, 4 a limit was reached,
    130 interrupted (the same command goes on). "bakeoff VERB --help" shows a verb's options.
    """  # noqa: D301 - click's mark for "do not wrap"
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; every way out has its exit code.

    0 ok, 1 error, 2 usage, 3 some contenders failed, 4 a limit was reached, 130 interrupted.
    """
    sys.exit(_main(arguments))


def _main(arguments: list[str] | None) -> int:
    try:
        _end_like_an_interrupt(signal.SIGTERM)
        result: Any = cli.main(arguments, prog_name="bakeoff", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.ClickException as error:
        click.echo(_usage(error), err=True)
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted; the same command goes on from here", err=True)
        return 130
    except BakeoffError as error:
        click.echo(f"error: {error}", err=True)
        return error.exit_code
    except BrokenPipeError:
        # The reader has gone (`| head`); what Python flushes at its end must go nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 1
    return result if isinstance(result, int) else 0


def _usage(error: click.ClickException) -> str:
    """Return a wrong command line in the form of all our errors."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    if isinstance(error, click.NoSuchOption) and context is not None:
        known = [name for parameter in context.command.params for name in parameter.opts]
        lines = [
            f"error: no option '{error.option_name}'",
            f"  fix: {did_you_mean(error.option_name, known)}",
        ]
    else:
        lines = [f"error: {error.format_message()}"]
    if context is not None:
        lines.append(f"  help: {context.command_path} --help")
    return "\n".join(lines)


def _end_like_an_interrupt(number: signal.Signals) -> None:
    """Let a polite request to end close workers and files as Ctrl-C does."""

    def interrupt(received: int, frame: FrameType | None) -> None:
        del received, frame
        raise KeyboardInterrupt

    if threading.current_thread() is threading.main_thread():
        signal.signal(number, interrupt)
