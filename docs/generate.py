"""Writes the generated regions of the pages here: options from click, contenders from their cards.

``python docs/generate.py`` rewrites what stands between ``<!-- generated: NAME -->`` and
``<!-- end -->``; ``tests/docs/test_generated.py`` fails when a page and the code differ.
"""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bakeoff.cli import VERBS
from bakeoff.contenders.defaults import default_contenders
from bakeoff.contenders.registry import CONTENDERS, make_contender
from bakeoff.data.columns import Column, ColumnType
from bakeoff.metrics.registry import METRICS
from bakeoff.tasks.kind import load_kind
from bakeoff.tasks.spec import TaskSpec

if TYPE_CHECKING:
    from bakeoff.contenders.base import Contender

FOLDER = Path(__file__).parent
PAGES = ("command-line.md", "contenders.md", "data.md")
REGION = re.compile(r"(<!-- generated: ([\w -]+) -->\n).*?(<!-- end -->)", re.DOTALL)

EXAMPLES = {
    "one text": (ColumnType.TEXT,),
    "two texts (a pair)": (ColumnType.TEXT, ColumnType.TEXT),
    "a picture": (ColumnType.IMAGE,),
    "numbers, dates, categories": (ColumnType.NUMBER, ColumnType.DATE, ColumnType.CATEGORY),
    "a text and other columns": (ColumnType.TEXT, ColumnType.NUMBER, ColumnType.CATEGORY),
    "a picture and a text": (ColumnType.IMAGE, ColumnType.TEXT),
}


def render(page: str) -> str:
    """Return a page with its generated regions made anew."""
    return REGION.sub(lambda match: f"{match[1]}{region(match[2]).strip()}\n{match[3]}", page)


def region(name: str) -> str:
    """Return the Markdown of one region."""
    if name.startswith("verb "):
        return verb(name.removeprefix("verb "))
    return {"contenders": contenders, "default table": default_table, "metrics": metrics}[name]()


def verb(name: str) -> str:
    """Return usage, help and options of a verb."""
    command: click.Command = importlib.import_module(f"bakeoff.cli.{name}").command
    with click.Context(command, info_name=f"bakeoff {name}") as context:
        usage = " ".join(command.get_usage(context).removeprefix("Usage: ").split())
    lines = ["```text", usage, "```", "", *_paragraphs(command.help or "")]
    options = [item for item in command.params if isinstance(item, click.Option)]
    if options:
        lines += ["| option | value | meaning |", "|---|---|---|"]
        lines += [_option(option) for option in options]
    return "\n".join(lines)


def _paragraphs(text: str) -> list[str]:
    """Return a help text as Markdown; what click must not wrap is code."""
    lines: list[str] = []
    for paragraph in inspect.cleandoc(text).split("\n\n"):
        if paragraph.startswith("\b"):
            lines += ["```sh", *paragraph.removeprefix("\b").strip().splitlines(), "```", ""]
        else:
            lines += [" ".join(paragraph.split()), ""]
    return lines


def _option(option: click.Option) -> str:
    flags = ", ".join(f"`{flag}`" for flag in option.opts)
    if option.is_flag:
        value = ""
    elif isinstance(option.type, click.Choice):
        value = " or ".join(f"`{choice}`" for choice in option.type.choices)
    else:
        value = f"`{option.metavar or option.type.name.upper()}`"
    if option.multiple:
        value += ", repeatable"
    if isinstance(option.default, str):
        value += f" (default `{option.default}`)"
    return f"| {flags} | {_cell(value)} | {_cell(option.help or '')} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def contenders() -> str:
    """Return a section a family, an entry a contender, from the cards and the docstrings."""
    by_family: dict[str, list[str]] = {}
    for name in CONTENDERS.built_in:
        made: type[Contender] = CONTENDERS.load(name)
        by_family.setdefault(made.card.family, []).append(_contender(made))
    return "\n".join(
        f"## {family}\n\n" + "\n".join(entries) for family, entries in by_family.items()
    )


def _contender(made: type[Contender]) -> str:
    card = made.card
    facts = {
        "does": ", ".join(sorted(card.kinds)),
        "reads": ", ".join(sorted(card.reads)) or "what its parts read",
        "needs": " or ".join(sorted(card.needs)),
        "gives": ", ".join(sorted(card.abilities)),
        "learns": "" if card.learns else "no: one pass over the rows, no folds",
        "seed": "" if card.deterministic else "matters: several seeds are run",
        "extra": ", ".join(card.extras),
        "source": card.source,
        "licence": "" if card.licence == "Apache-2.0" else card.licence,
    }
    if card.family == "baselines":
        facts["reads"] = "nothing"
    title = f" ({card.title})" if card.title and card.title != card.name else ""
    summary = card.summary[0].upper() + card.summary[1:]
    lines = [f"### `{card.name}`{title}", "", f"{summary}.", ""]
    lines += [f"- {key}: {value}" for key, value in facts.items() if value]
    settings = _settings(made)
    if settings:
        lines += ["", "| setting | default | meaning |", "|---|---|---|", *settings]
    return "\n".join([*lines, ""])


def _settings(made: type[Contender]) -> list[str]:
    """Return a table row for each setting that a spec string can change."""
    meanings: dict[str, str] = {}
    for room in reversed(made.__mro__):  # a shared setting is explained where it is shared
        meanings |= _arguments(inspect.cleandoc(room.__doc__ or ""))
    rows = []
    for field in dataclasses.fields(made):
        if not field.init or field.default is dataclasses.MISSING:
            continue
        if not isinstance(field.default, str | int | float | None):
            continue
        rows.append(f"| `{field.name}` | `{field.default}` | {meanings.get(field.name, '')} |")
    return rows


def _arguments(docstring: str) -> dict[str, str]:
    """Return argument -> meaning from the ``Args:`` section of a Google docstring."""
    section = re.search(r"^Args:\n(.*?)(?:\n\n\S|\Z)", docstring, re.DOTALL | re.MULTILINE)
    found: dict[str, str] = {}
    name = ""
    for line in section[1].splitlines() if section else []:
        start = re.match(r"    (\w+): (.*)", line)
        if start:
            name, found[start[1]] = start[1], start[2]
        elif name and line.strip():
            found[name] += " " + line.strip()
    return {key: _cell(value.replace("``", "`")) for key, value in found.items()}


def default_table() -> str:
    """Return which contenders run when none are named."""
    lines = ["| inputs | contenders beside the baselines |", "|---|---|"]
    for words, types in EXAMPLES.items():
        columns = tuple(Column(f"column{i}", kind) for i, kind in enumerate(types))
        task = TaskSpec("classification", columns, "y", ("accuracy",), ("a", "b"))
        own = [n for n in default_contenders(task) if make_contender(n).card.family != "baselines"]
        names = ", ".join(f"`{name}`" for name in own)
        lines.append(f"| {words} | {names or 'none'} |")
    return "\n".join(lines)


def metrics() -> str:
    """Return one row a metric: what it is for, direction, how differences are spoken of."""
    primary = {load_kind(kind).metrics[0] for kind in ("classification", "regression")}
    lines = ["| metric | for | better is | default ROPE |", "|---|---|---|---|"]
    for name in METRICS.targets():
        metric = METRICS.load(name)
        kinds = ", ".join(sorted(metric.kinds))
        mark = ", primary by default" if name in primary else ""
        better = "larger" if metric.higher_is_better else "smaller"
        rope = "1 point" if metric.percent else "none until you say one"
        lines.append(f"| `{name}` | {kinds}{mark} | {better} | {rope} |")
    return "\n".join(lines)


def main() -> None:
    """Rewrite the pages."""
    missing = [name for name in VERBS if f"verb {name} " not in (FOLDER / PAGES[0]).read_text()]
    if missing:
        raise SystemExit(f"{PAGES[0]} has no region for: {', '.join(missing)}")
    for name in PAGES:
        path = FOLDER / name
        path.write_text(render(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
