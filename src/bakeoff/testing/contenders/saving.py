"""Checks of saved models: they come back elsewhere, run no code, and vouch for every file."""

from __future__ import annotations

import pickletools
import shutil
import zipfile
from typing import TYPE_CHECKING

from bakeoff.contenders.artefacts import load_model, save_model
from bakeoff.core.errors import ArtefactError
from bakeoff.testing.check import NotTestableError, expect
from bakeoff.testing.contenders.bench import contender_check
from bakeoff.testing.contenders.compare import expect_same
from bakeoff.testing.fresh_process import predict_elsewhere

if TYPE_CHECKING:
    from pathlib import Path

    from bakeoff.testing.contenders.bench import Bench
    from bakeoff.testing.examples import Specimen

_PICKLE_SUFFIXES = frozenset({".pkl", ".pickle", ".joblib", ".dill", ".pt", ".pth", ".bin"})


@contender_check
def a_saved_model_predicts_the_same_in_a_new_process(bench: Bench) -> None:
    """Saved, moved to another place and loaded by a process that fitted nothing."""
    for example in bench.main:
        folder = _saved(bench, example)
        moved = bench.save_folder("moved")
        shutil.move(folder, moved)
        expect_same(
            predict_elsewhere(moved, example.fresh.inputs),
            bench.predict(bench.fitted(example), example.fresh.inputs),
            "when the model was saved and loaded in a new process",
        )


@contender_check
def a_loaded_model_can_be_saved_again(bench: Bench) -> None:
    """Load, save, load: still the same."""
    for example in bench.main:
        saved = load_model(_saved(bench, example))
        expect(saved.contender == bench.contender, f"it comes back as {saved.contender.name}")
        expect(saved.task == example.task, "its task comes back as another")
        again = bench.save_folder("again")
        save_model(saved.contender, saved.task, saved.fitted, again)
        inputs = example.fresh.inputs
        expect_same(
            bench.predict(load_model(again).fitted, inputs),
            bench.predict(bench.fitted(example), inputs),
            "when the loaded model was saved again",
        )


@contender_check
def a_saved_model_holds_no_pickle(bench: Bench) -> None:
    """Opening a model must run no code of whoever made the file."""
    for example in bench.main:
        for path in _saved(bench, example).rglob("*"):
            if path.is_file():
                why = _looks_pickled(path)
                expect(not why, f"{path.name} {why}; keep it as safetensors, JSON, Arrow or text")


@contender_check
def a_changed_file_is_refused(bench: Bench) -> None:
    """Every file that was saved is vouched for by its hash."""
    folder = _saved(bench, bench.main[0])
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path == folder / "model.json":
            continue
        content = path.read_bytes()
        path.write_bytes(content + b"\0")
        try:
            load_model(folder)
        except ArtefactError:
            path.write_bytes(content)
            continue
        expect(
            False, f"{path.relative_to(folder)} was changed, and the model is loaded all the same"
        )


def _saved(bench: Bench, example: Specimen) -> Path:
    """Return a folder with the saved model.

    Raises:
        NotTestableError: The contender says that it can be kept in no safe form.
    """
    folder = bench.save_folder("model")
    try:
        save_model(bench.contender, example.task, bench.fitted(example), folder)
    except ArtefactError as error:
        raise NotTestableError(f"it cannot be shipped: {error.what}") from error
    return folder


def _looks_pickled(path: Path) -> str:
    """Return what gives a pickle away, or an empty string."""
    if path.suffix in _PICKLE_SUFFIXES:
        return f"is named {path.suffix}"
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            inner = [name for name in archive.namelist() if name.endswith(".pkl")]
        return f"is an archive with {inner[0]}" if inner else ""
    content = path.read_bytes()
    if content.startswith(b"\x93NUMPY") and b"'|O'" in content[:256]:
        return "is a numpy array of objects"
    try:
        operations = list(pickletools.genops(content))
    except (ValueError, IndexError, UnicodeDecodeError):
        return ""
    # A few letters of plain text can be read as operations too; a pickle fills its file.
    whole = len(operations) > 1 and operations[-1][2] == len(content) - 1
    return "is a pickle" if whole else ""
