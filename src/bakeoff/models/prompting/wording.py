"""A wording: the words around the data, in one Jinja file that a user may copy and edit."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, meta, nodes
from jinja2.sandbox import SandboxedEnvironment

from bakeoff.core.errors import UsageError, did_you_mean
from bakeoff.core.hashing import hash_text
from bakeoff.models.prompting.encoding import as_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import TracebackType

    from jinja2 import Template

SUFFIX = ".jinja"
BLOCKS = ("system", "row", "answer")
VARIABLES = ("kind", "target", "columns", "classes", "scale", "row", "answer")
MOST_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Wording:
    """The words around the data.

    Args:
        name: A built-in wording's name, or the name of the user's file without its ending.
        version: What the file says of itself, ``""`` where it says nothing.
        sha256: Of the file's text: what a plan records.
        source: The file's text.
        place: Where it stands, for messages.
    """

    name: str
    version: str
    sha256: str
    source: str = field(repr=False)
    place: str

    def text(self, block: str, variables: Mapping[str, object]) -> str:
        """Return what a block says, without blank space around it.

        Raises:
            UsageError: The block fails on these variables; the message says where.
        """
        template = _compiled(self.source, self.place)
        try:
            parts = template.blocks[block](template.new_context(dict(variables)))
            return "".join(parts).strip()
        except (
            TemplateError,
            TypeError,
            ValueError,
            ArithmeticError,
            LookupError,
            AttributeError,
        ) as error:
            line = template.get_corresponding_lineno(_line_of(error.__traceback__, self.place))
            raise UsageError(
                f"the wording '{self.name}' cannot be filled in: {error}",
                where=f"{self.place}, line {line}, block '{block}'",
                why="a wording may use what plain.jinja says, and nothing else",
                fix="correct the file, or name a built-in wording: " + ", ".join(built_in()),
            ) from error


def built_in() -> tuple[str, ...]:
    """Return the names of the wordings that ship."""
    files = resources.files(__package__).joinpath("wordings").iterdir()
    return tuple(sorted(f.name.removesuffix(SUFFIX) for f in files if f.name.endswith(SUFFIX)))


def load_wording(name_or_path: str | Path) -> Wording:
    """Return a built-in wording, or the one in a file of the user's (it ends in ``.jinja``).

    Raises:
        UsageError: There is no such wording or file, or the file is no wording; the message says
            which line, why, and what to do.
    """
    given = str(name_or_path)
    if given.endswith(SUFFIX):
        return _checked(Path(given).name.removesuffix(SUFFIX), _read(Path(given)), given)
    if given not in built_in():
        raise UsageError(
            f"no wording '{given}'; {did_you_mean(given, built_in())}",
            fix=f"name a built-in wording, or a file of your own that ends in {SUFFIX}",
        )
    file = resources.files(__package__).joinpath("wordings", given + SUFFIX)
    return _checked(given, file.read_text(encoding="utf-8"), given + SUFFIX)


def _read(path: Path) -> str:
    fix = "give the path of a text file in UTF-8"
    try:
        with path.open("rb") as handle:
            data = handle.read(MOST_BYTES + 1)
    except OSError as error:
        raise UsageError(
            f"cannot read the wording: {error.strerror}", where=str(path), fix=fix
        ) from error
    if len(data) > MOST_BYTES:
        raise UsageError(
            "the wording is too long",
            where=str(path),
            why=f"a wording has at most {MOST_BYTES:,} bytes",
            fix="leave examples to the settings for shots, and data to the rows",
        )
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise UsageError(
            "the wording is not UTF-8",
            where=f"{path}, byte {error.start}",
            why=f"byte 0x{data[error.start]:02x} does not stand there in UTF-8",
            fix="save the file as UTF-8",
        ) from error


def _checked(name: str, source: str, place: str) -> Wording:
    try:
        tree = _environment().parse(source)
        _compiled(source, place)
    except TemplateSyntaxError as error:
        raise UsageError(
            f"the wording '{name}' is not a Jinja template: {error.message}",
            where=f"{place}, line {error.lineno}",
            fix="correct that line; wordings/plain.jinja shows the form",
        ) from error
    for what, line, why in _faults(tree):
        raise UsageError(
            f"the wording '{name}' {what}",
            where=f"{place}, line {line}",
            why=why,
            fix="copy a built-in wording and change its words",
        )
    return Wording(name, _version(tree), hash_text(source), source, place)


def _faults(tree: nodes.Template) -> Iterator[tuple[str, int, str]]:
    """Yield what keeps a template from being a wording: what, line, why."""
    for kind in (nodes.Include, nodes.Extends, nodes.Import, nodes.FromImport):
        for node in tree.find_all(kind):
            yield "reads another file", node.lineno, "only a wording in one file has a whole hash"
    for name in sorted(meta.find_undeclared_variables(tree) - set(VARIABLES)):
        lines = [used.lineno for used in tree.find_all(nodes.Name) if used.name == name]
        yield (
            f"uses the unknown variable '{name}'; {did_you_mean(name, VARIABLES)}",
            min(lines, default=1),
            "a block knows " + ", ".join(VARIABLES),
        )
    found = {block.name: block for block in tree.find_all(nodes.Block)}
    for name in BLOCKS:
        if name not in found:
            yield f"has no block '{name}'", 1, "a wording has the blocks " + ", ".join(BLOCKS)
        else:
            yield from _faults_of_block(found[name])


def _faults_of_block(block: nodes.Block) -> Iterator[tuple[str, int, str]]:
    used = {node.name: node.lineno for node in block.find_all(nodes.Name)}
    for name in ("row", "answer"):
        if block.name == name and name not in used:
            why = f"without {{{{ {name} }}}} the model would not see the {name}"
            yield f"has a block '{name}' without its {name}", block.lineno, why
        if block.name == "system" and name in used:
            why = "what is said first is the same for all rows, so that a cache can hold it"
            yield f"uses '{name}' in the block 'system'", used[name], why


def _version(tree: nodes.Template) -> str:
    for node in tree.find_all(nodes.Assign):
        target, value = node.target, node.node
        if isinstance(target, nodes.Name) and target.name == "version":
            return str(value.value) if isinstance(value, nodes.Const) else ""
    return ""


@cache
def _environment() -> SandboxedEnvironment:
    made = SandboxedEnvironment(
        autoescape=False,  # prompts are text, not HTML; rows come in as JSON
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["json"] = as_json
    return made


@cache
def _compiled(source: str, place: str) -> Template:
    environment = _environment()
    code = environment.compile(source, filename=place)
    return environment.template_class.from_code(environment, code, environment.make_globals(None))


def _line_of(trace: TracebackType | None, place: str) -> int:
    """Return the last line of the compiled template that an error went through (0: none)."""
    line = 0
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == place:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
