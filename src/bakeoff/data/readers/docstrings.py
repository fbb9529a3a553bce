"""A text set that needs no download: docstrings of the installed Python's standard library.

A text is the docstring of a function, class or module with white space folded, cut at 400
characters; it is kept when it has 40 characters or more and was not seen before. Its label is the
area of the library that the module belongs to (``areas.toml``), its group the top-level module.
Sources are parsed, never imported. The set differs a little between Python versions; its
fingerprint shows that.
"""

from __future__ import annotations

import ast
import sys
import sysconfig
import tomllib
import warnings
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from bakeoff.core.errors import DataError, UsageError
from bakeoff.data.columns import Column, ColumnType
from bakeoff.data.readers.base import RawTable
from bakeoff.data.readers.cells import content_hash

if TYPE_CHECKING:
    from collections.abc import Iterator

FEWEST_CHARACTERS = 40
MOST_CHARACTERS = 400
_DOCUMENTED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Module)


def read(source: str, location: str) -> RawTable:
    """Make the set: columns ``text``, ``area`` (the label) and ``module`` (the group).

    Raises:
        UsageError: More than ``docstrings`` was asked for.
        DataError: This Python comes without the sources of its library.
    """
    if source.rstrip(":") != "docstrings":
        raise UsageError(f"no '{location}'", fix="write it as: docstrings")
    library = Path(sysconfig.get_path("stdlib"))
    area_of = {module: area for area, modules in _areas().items() for module in modules}
    texts: dict[str, str] = {}
    for path in _sources(library, area_of):
        for text in _docstrings(path):
            texts.setdefault(text, path.relative_to(library).parts[0].removesuffix(".py"))
    if not texts:
        raise DataError(
            "the sources of the standard library are not there",
            where=str(library),
            fix="use a Python that was installed with its library as .py files",
        )
    modules = list(texts.values())
    table = pa.table(
        {
            "text": pa.array(list(texts), pa.large_string()),
            "area": pa.array([area_of[module] for module in modules], pa.large_string()),
            "module": pa.array(modules, pa.large_string()),
        }
    )
    return RawTable(
        table,
        np.arange(len(texts), dtype=np.int64),
        len(texts),
        content_hash(table),
        notes=(f"standard library of Python {sys.version.split()[0]}",),
        known={
            "text": Column("text", ColumnType.TEXT, "a docstring"),
            "area": Column("area", ColumnType.CATEGORY, "area of the library"),
            "module": Column("module", ColumnType.CATEGORY, "top-level module"),
        },
    )


def answers_file() -> Path:
    """Return the file with a large language model's answers: ``sha256`` of the text, ``answer``."""
    return Path(str(resources.files("bakeoff.data") / "docstrings" / "llm_answers.tsv"))


def _areas() -> dict[str, list[str]]:
    content = resources.files("bakeoff.data") / "docstrings" / "areas.toml"
    return tomllib.loads(content.read_text(encoding="utf-8"))


def _sources(library: Path, modules: dict[str, str]) -> list[Path]:
    """Return the source files of the modules without their tests, sorted by path."""
    found: list[Path] = []
    for module in modules:
        found += (library / module).rglob("*.py")
        found += [path for path in [library / f"{module}.py"] if path.is_file()]
    return sorted(
        path for path in found if not {"test", "tests"} & set(path.relative_to(library).parts[:-1])
    )


def _docstrings(path: Path) -> Iterator[str]:
    with warnings.catch_warnings():
        # Old escapes in the library's own sources are none of the user's business.
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(path.read_bytes())
        except SyntaxError:  # templates that are not meant to be run as they stand
            return
    for node in ast.walk(tree):
        if isinstance(node, _DOCUMENTED):
            text = " ".join((ast.get_docstring(node, clean=False) or "").split())
            if len(text[:MOST_CHARACTERS]) >= FEWEST_CHARACTERS:
                yield text[:MOST_CHARACTERS]
