"""Finds GLUE's tasks and CIFAR-10 in a folder with a subfolder for each, whatever its files' names.

``FOLDER/TASK/`` holds a training file and a test or dev file (.tsv, .csv, .jsonl or .parquet, each
also .gz, with a header line). Which is which is told by the words in their names: ``train``;
``dev``, ``val``, ``valid`` or ``validation``; ``test``. A test file without labels is no test: the
dev file is taken. Pictures lie in a Parquet file, or in subfolders ``train/`` and ``test/`` that
have one for each class.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bakeoff.core.errors import UsageError
from bakeoff.data.load import read_source
from bakeoff.plan.classic.glue import CIFAR, GLUE, RECOMPRESSED, cifar_part, glue_part
from bakeoff.results.together import Missing

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from bakeoff.plan.classic.glue import GlueTask
    from bakeoff.plan.classic.part import Part

_SUFFIXES = (".tsv", ".csv", ".jsonl", ".parquet")
_WORDS = {
    "train": {"train", "training"},
    "dev": {"dev", "val", "valid", "validation"},
    "test": {"test", "testing"},
}
_TEXTS = (
    *("text", "question", "sentence", "sentence1", "sentence2"),
    *("premise", "hypothesis", "question1", "question2"),
)
"""In the order in which they make a pair."""
_TARGETS = ("label", "gold_label", "is_duplicate", "quality", "score", "similarity")
_PICTURES = ("image", "img", "picture")
_UNLABELLED = frozenset({None, "", "-1", -1, "-"})


@dataclass(frozen=True, slots=True)
class Files:
    """The files of a set: one for each split that is there, and those left aside."""

    train: Path | None
    dev: Path | None
    test: Path | None
    aside: tuple[str, ...]


def folder_parts(root: Path, encoder: str = "") -> tuple[tuple[Part, ...], tuple[Missing, ...]]:
    """Return the sets that are in a folder, and those that are not.

    Raises:
        UsageError: There is no such folder, or none of the sets in it.
        DataError: A file cannot be read.
    """
    if not root.is_dir():
        raise UsageError(f"no folder {root}", where="--data")
    found: list[Part] = []
    missing: list[Missing] = []
    for task in GLUE:
        part = _glue(_subfolder(root, task.name), task, encoder)
        _sort_in(part, task.name, found, missing)
    _sort_in(_cifar(root), CIFAR, found, missing)
    if not found:
        raise UsageError(
            f"none of the ten sets is in {root}",
            where="--data",
            why="it needs a subfolder with a training file for each, for example sst2/train.tsv",
            fix=f"name them {', '.join(task.name for task in GLUE)}, {CIFAR}",
        )
    return tuple(found), tuple(missing)


def _sort_in(part: Part | str, name: str, found: list[Part], missing: list[Missing]) -> None:
    if isinstance(part, str):
        missing.append(Missing(name, part))
    else:
        found.append(part)


def _subfolder(root: Path, name: str) -> Path | None:
    """Return the subfolder of a set, capitals and dashes aside: ``STS-B`` is ``stsb``."""
    plain = {re.sub(r"[-_ ]", "", path.name.casefold()): path for path in sorted(root.iterdir())}
    path = plain.get(name)
    return path if path is not None and path.is_dir() else None


def _glue(folder: Path | None, task: GlueTask, encoder: str) -> Part | str:
    """Return a task with the rows of a folder, or why that cannot be."""
    if folder is None:
        return f"there is no subfolder '{task.name}'"
    files = find_files(folder, task.prefers)
    if files.train is None:
        return f"no training file in '{folder.name}'"
    table = read_source(files.train).table
    target = _named(table, _TARGETS)
    texts = _texts(table)
    if target is None or not texts:
        return f"no label or no text among the columns of '{files.train.name}'"
    valid, test, caveats = files.dev, files.test, []
    if test is None or not _has_labels(test, target):
        valid, test = None, files.dev
        caveats += ["dev-as-test"] * (test is not None)
    part = glue_part(task, encoder)
    return replace(
        part,
        source=str(files.train),
        valid=None if valid is None else str(valid),
        test=None if test is None else str(test),
        columns=texts,
        rows=table.num_rows,
        options={**part.options, "target": target},
        caveats=tuple(caveats),
        remarks=files.aside,
    )


def _cifar(root: Path) -> Part | str:
    """Return CIFAR-10 with the pictures of a folder, or why that cannot be."""
    for name in (CIFAR, RECOMPRESSED):
        folder = root / name
        if not folder.is_dir():
            continue
        caveats = ("recompressed",) if name == RECOMPRESSED else ()
        part = replace(cifar_part(), caveats=caveats)
        if (folder / "train").is_dir():
            test = folder / "test"
            return replace(
                part,
                source=str(folder / "train"),
                test=str(test) if test.is_dir() else None,
                columns=("image",),
                options={**part.options, "target": "folder"},
            )
        files = find_files(folder)
        if files.train is None:
            return f"neither a training file nor a folder 'train' in '{name}'"
        table = read_source(files.train).table
        target, picture = _named(table, _TARGETS), _named(table, _PICTURES)
        if target is None or picture is None:
            return f"no label or no picture among the columns of '{files.train.name}'"
        return replace(
            part,
            source=str(files.train),
            test=None if files.test is None else str(files.test),
            columns=(picture,),
            rows=table.num_rows,
            options={**part.options, "target": target},
            remarks=files.aside,
        )
    return f"there is no subfolder '{CIFAR}' or '{RECOMPRESSED}'"


def find_files(folder: Path, prefers: tuple[str, ...] = ()) -> Files:
    """Return a set's file for each split, told by the words in the files' names.

    Of several for one split the one with a preferred word is taken, else the shortest name; the
    others are named in ``aside``.
    """
    chosen: dict[str, Path] = {}
    aside: list[str] = []
    for split, words in _WORDS.items():
        of_split = [path for path in sorted(folder.iterdir()) if _is_of(path, words)]
        of_split.sort(key=lambda path: (not _words(path) & set(prefers), len(path.name)))
        if of_split:
            chosen[split] = of_split[0]
            aside += [f"{path.name} is left aside" for path in of_split[1:]]
    return Files(chosen.get("train"), chosen.get("dev"), chosen.get("test"), tuple(aside))


def _is_of(path: Path, words: set[str]) -> bool:
    suffixes = [suffix.casefold() for suffix in path.suffixes if suffix.casefold() != ".gz"]
    return (
        path.is_file()
        and suffixes[-1:] != []
        and suffixes[-1] in _SUFFIXES
        and bool(_words(path) & words)
    )


def _words(path: Path) -> set[str]:
    return set(re.split(r"[^a-z0-9]+", path.name.casefold()))


def _named(table: pa.Table, names: tuple[str, ...]) -> str | None:
    """Return the column that has the first of these names, capitals aside."""
    by_name = {name.strip().casefold(): name for name in table.column_names}
    return next((by_name[name] for name in names if name in by_name), None)


def _texts(table: pa.Table) -> tuple[str, ...]:
    """Return the columns that hold the text or the pair, in their order."""
    by_name = {name.strip().casefold(): name for name in table.column_names}
    return tuple(by_name[name] for name in _TEXTS if name in by_name)


def _has_labels(path: Path, target: str) -> bool:
    table = read_source(path).table
    if target not in table.column_names:
        return False
    return any(label not in _UNLABELLED for label in table[target].to_pylist())
