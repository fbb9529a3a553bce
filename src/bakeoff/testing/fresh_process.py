"""A process that has fitted nothing: saved models are loaded there and asked to predict.

It reads one job a line from standard input and answers each with one line, so that a suite of many
checks pays for one start of Python.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import IO, cast

import pyarrow as pa
import pyarrow.feather as feather

from bakeoff.contenders.artefacts import load_model
from bakeoff.data.columns import Column, ColumnType
from bakeoff.data.inputs import Inputs
from bakeoff.tasks.predictions import Predictions
from bakeoff.testing.check import ContractError
from bakeoff.testing.context import context


def predict_elsewhere(model: Path, inputs: Inputs) -> Predictions:
    """Return what the saved model in ``model`` predicts in another process.

    Raises:
        ContractError: The model cannot be loaded there, or does not predict.
    """
    with tempfile.TemporaryDirectory(prefix="bakeoff-job-") as name:
        folder = Path(name)
        table = inputs.table.append_column("", pa.array(inputs.ids))
        feather.write_feather(table, folder / "inputs", compression="uncompressed")
        job = {
            "model": str(model),
            "folder": name,
            "columns": [(column.name, column.type) for column in inputs.columns],
        }
        worker = _worker(tuple(sys.path))
        stdin, stdout = cast("IO[str]", worker.stdin), cast("IO[str]", worker.stdout)
        stdin.write(json.dumps(job) + "\n")
        stdin.flush()
        answer = stdout.readline()
        if answer.strip() != "done":
            reason = json.loads(answer)["error"] if answer else "the process died"
            raise ContractError(f"a new process cannot use the saved model: {reason}")
        predictions = feather.read_table(folder / "predictions", memory_map=False)
        return Predictions(predictions)


@cache
def _worker(path: tuple[str, ...]) -> subprocess.Popen[str]:
    """Return the worker for this import path; another path needs another worker."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(entry for entry in path if entry)}
    worker = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-c", f"from {__name__} import serve; serve()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )

    def close() -> None:
        worker.communicate()

    atexit.register(close)
    return worker


def serve() -> None:
    """Do the jobs that arrive on standard input until it ends."""
    for line in sys.stdin:
        job = json.loads(line)
        try:
            _predict(job["model"], Path(job["folder"]), job["columns"])
            answer = "done"
        except Exception as error:  # noqa: BLE001 - whatever a contender raises is the answer
            answer = json.dumps({"error": f"{type(error).__name__}: {error}"})
        print(answer, flush=True)  # noqa: T201 - the answer's channel


def _predict(model: str, folder: Path, columns: list[tuple[str, str]]) -> None:
    table = feather.read_table(folder / "inputs", memory_map=False)
    inputs = Inputs(
        table[""].to_numpy(),
        table.drop_columns([""]),
        tuple(Column(name, ColumnType(kind)) for name, kind in columns),
    )
    predictions = load_model(Path(model)).fitted.predict(inputs, context(folder / "context"))
    feather.write_feather(predictions.table, folder / "predictions", compression="uncompressed")
