"""Saved models: the contender's own files, and a ``model.json`` that vouches for them."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from bakeoff.contenders.registry import make_contender
from bakeoff.core.errors import ArtefactError
from bakeoff.core.files import storage_errors, write_atomic
from bakeoff.core.hashing import hash_file
from bakeoff.data.columns import Column, ColumnType
from bakeoff.tasks.spec import TaskSpec

if TYPE_CHECKING:
    from pathlib import Path

    from bakeoff.contenders.base import Contender, Fitted

MODEL_VERSION = 1


@dataclass(frozen=True, slots=True)
class SavedModel:
    """A model read back: what it is, what it was trained for, and its learned state."""

    contender: Contender
    task: TaskSpec
    fitted: Fitted


def save_model(contender: Contender, task: TaskSpec, fitted: Fitted, folder: Path) -> None:
    """Write a fitted contender; ``model.json`` comes last, so its presence means "complete".

    Raises:
        ArtefactError: The contender's state can be kept in no safe form.
        StorageError: The disk is full or cannot be written.
    """
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        fitted.save(folder)
    files = {
        str(path.relative_to(folder)): hash_file(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path != folder / "model.json"
    }
    content = {
        "version": MODEL_VERSION,
        "contender": contender.name,
        "task": asdict(task),
        "files": files,
    }
    write_atomic(folder / "model.json", json.dumps(content, indent=1, ensure_ascii=False).encode())


def load_model(folder: Path) -> SavedModel:
    """Read a model back; nothing in the folder is executed, every file's hash is verified first.

    Raises:
        ArtefactError: No model, another version, or a file that was changed since it was saved.
    """
    manifest = folder / "model.json"
    try:
        content = json.loads(manifest.read_bytes())
        version, spec, files = content["version"], content["contender"], content["files"]
        task = _read_task(content["task"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ArtefactError(
            f"no readable model in {folder}: {error}", where=str(manifest), fix="train it again"
        ) from error
    if version != MODEL_VERSION:
        raise ArtefactError(f"the model has version {version}, this is {MODEL_VERSION}")
    for name, digest in files.items():
        path = (folder / name).resolve()
        if not path.is_relative_to(folder.resolve()) or not path.is_file():
            raise ArtefactError(f"the model's file '{name}' is absent", where=str(folder))
        if hash_file(path) != digest:
            raise ArtefactError(
                f"the model's file '{name}' was changed since it was saved",
                where=str(path),
                fix="train it again",
            )
    contender = make_contender(spec)
    return SavedModel(contender, task, contender.load(folder, task))


def _read_task(content: dict[str, object]) -> TaskSpec:
    fields = dict(content)
    columns = fields.pop("inputs")
    if not isinstance(columns, list):
        raise TypeError("inputs is not a list")
    inputs = tuple(Column(c["name"], ColumnType(c["type"]), c["reason"]) for c in columns)
    plain = {
        key: tuple(tuple(v) if isinstance(v, list) else v for v in value)
        if isinstance(value, list)
        else value
        for key, value in fields.items()
    }
    return TaskSpec(inputs=inputs, **plain)  # type: ignore[arg-type]  # checked by the caller's except
