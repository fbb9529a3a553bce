"""What a prompted model keeps: its words and its examples."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bakeoff.contenders.prompted.nearest import Nearness
from bakeoff.core.errors import ArtefactError, UserError
from bakeoff.core.files import write_atomic
from bakeoff.data.columns import Column, ColumnType
from bakeoff.data.inputs import Inputs
from bakeoff.models.prompting.encoding import rows_of
from bakeoff.models.prompting.render import Prompt, Shot
from bakeoff.models.prompting.wording import SUFFIX, load_wording

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from bakeoff.models.chat import Message
    from bakeoff.models.prompting.wording import Wording
    from bakeoff.tasks.spec import TaskSpec

_SHOTS, _REST = "shots.parquet", "prompt.json"
_ANSWER = "\x00answer"


@dataclass(frozen=True, slots=True)
class KeptPrompt:
    """The words around the data.

    Args:
        wording: In which it is asked.
        shots: The examples' inputs.
        answers: The right answer of each: a class code, or a number.
        scale: For numbers: the lowest and the highest among the training rows.
        names: Words that the classes go by in the prompt; empty: their own names.
        nearness: By what the examples nearest to each row are found; None: all are shown.
        nearest: How many of the examples are shown to a row, where they are the nearest.
    """

    wording: Wording
    shots: Inputs
    answers: tuple[float, ...]
    scale: tuple[float, float] | None
    names: tuple[str, ...] = ()
    nearness: Nearness | None = None
    nearest: int = 0

    def shown(self, task: TaskSpec) -> TaskSpec:
        """Return the task as the model is told it: its classes by the words that they go by."""
        return replace(task, classes=self.names or task.classes)

    def said(
        self, inputs: Inputs, task: TaskSpec, reads: AbstractSet[ColumnType]
    ) -> tuple[tuple[Message, ...], list[Message]]:
        """Return what is said before every row, and the question of each row.

        Args:
            inputs: The rows.
            task: What is asked.
            reads: Types of columns that are shown.
        """
        read = tuple(column for column in task.inputs if column.type in reads)
        prompt = Prompt(self.wording, replace(self.shown(task), inputs=read), self.scale)
        names = [column.name for column in read]
        rows = rows_of(self.shots.select(names))
        shots = [Shot(row, answer) for row, answer in zip(rows, self.answers, strict=True)]
        questions = [prompt.question(row) for row in rows_of(inputs.select(names))]
        return prompt.prefix(shots), questions


def write_prompt(folder: Path, kept: KeptPrompt) -> None:
    """Write the wording as the Jinja file that it is, the examples as a table."""
    write_atomic(folder / (kept.wording.name + SUFFIX), kept.wording.source.encode())
    table = kept.shots.table.append_column(_ANSWER, pa.array(kept.answers, pa.float64()))
    types = json.dumps([[column.type.value, column.name] for column in kept.shots.columns])
    pq.write_table(table.replace_schema_metadata({b"columns": types.encode()}), folder / _SHOTS)
    nearness = None if kept.nearness is None else asdict(kept.nearness)
    rest = {
        "scale": kept.scale,
        "names": kept.names,
        "nearness": nearness,
        "nearest": kept.nearest,
    }
    write_atomic(folder / _REST, json.dumps(rest).encode())


def read_prompt(folder: Path) -> KeptPrompt:
    """Read what `write_prompt` wrote.

    Raises:
        ArtefactError: Something is absent or damaged.
    """
    try:
        (file,) = folder.glob("*" + SUFFIX)
        table = pq.read_table(folder / _SHOTS)
        types = json.loads(table.schema.metadata[b"columns"])
        rest = json.loads((folder / _REST).read_bytes())
        columns = tuple(Column(name, ColumnType(kind)) for kind, name in types)
        answers = tuple(table[_ANSWER].to_pylist())
        ids = np.arange(table.num_rows, dtype=np.int64)
        shots = Inputs(ids, table.drop_columns([_ANSWER]).replace_schema_metadata(None), columns)
        return KeptPrompt(
            load_wording(file),
            shots,
            answers,
            tuple(rest["scale"]) if rest["scale"] else None,
            tuple(rest["names"]),
            Nearness(**rest["nearness"]) if rest["nearness"] else None,
            int(rest["nearest"]),
        )
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException, UserError) as error:
        raise ArtefactError(
            "the saved prompt cannot be read", where=str(folder), why=str(error)
        ) from error
