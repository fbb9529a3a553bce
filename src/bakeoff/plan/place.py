"""Which folder a run belongs to: the one of the same question, or a new one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bakeoff.core.errors import ArtefactError, RunFolderError
from bakeoff.core.files import is_temporary
from bakeoff.core.lock import LOCK_FILES
from bakeoff.results.folder import RunFolder, safe_name

if TYPE_CHECKING:
    from bakeoff.results.records import Plan

DEFAULT_ROOT = Path("runs")


def find_place(plan: Plan, out: Path | None) -> tuple[RunFolder, Plan, str]:
    """Return the run folder of a plan, the plan to follow, and what to tell the user.

    The same question goes on where it was stopped, by the plan that was fixed then. A folder that
    holds another plan, or the same on changed data, is left alone: the next free name is taken,
    ``name-2``, and the user is told.
    """
    wanted = out if out is not None else DEFAULT_ROOT / safe_name(plan.name)
    skipped: list[Path] = []
    for number in range(1, 10_000):
        root = wanted if number == 1 else wanted.with_name(f"{wanted.name}-{number}")
        folder = RunFolder(root)
        if not folder.plan_file.exists():
            _check_is_ours(folder)
            told = ""
            if skipped:
                told = f"{skipped[0]} holds another plan or other data, so this run is {root}"
            return folder, plan, told
        try:
            known = folder.read_plan()
        except ArtefactError:
            skipped.append(root)
            continue
        if known.question == plan.question:
            return folder, known, f"going on with {root}"
        skipped.append(root)
    raise AssertionError("ten thousand runs of one name")


def _check_is_ours(folder: RunFolder) -> None:
    """Refuse a folder with other people's files: a run sweeps what it does not know.

    Raises:
        RunFolderError: It is a file, or holds what no run that was stopped early leaves there.
    """
    begun = {folder.splits_file.name, folder.work.name, *LOCK_FILES}
    if not folder.root.exists():
        return
    if not folder.root.is_dir():
        raise RunFolderError(f"{folder.root} is a file", fix="name a folder with --out")
    others = [p.name for p in folder.root.iterdir() if p.name not in begun and not is_temporary(p)]
    if others:
        raise RunFolderError(
            f"{folder.root} is not empty and is no run folder: it holds '{min(others)}'",
            fix="name a new folder with --out",
        )
