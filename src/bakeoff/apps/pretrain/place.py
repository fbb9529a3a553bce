"""The folder that a pre-training writes: is it ours, is it done, is it of the same settings?"""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from typing import TYPE_CHECKING

from bakeoff.apps.pretrain.record import RECORD, Pretraining
from bakeoff.core.errors import UsageError
from bakeoff.core.files import write_atomic
from bakeoff.results.codec import from_json, to_json

if TYPE_CHECKING:
    from pathlib import Path

    from bakeoff.apps.pretrain.settings import Settings

_WORK = ".pretraining"
_ASKED = "asked.json"
PARTS = TOKENIZER, CORPUS = "tokenizer", "corpus"
"""Folders of what is made before the first step."""


class Place:
    """A folder for one pre-training.

    Args:
        folder: The user's: the checkpoint when all is done.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.work = folder / _WORK
        """What is needed to go on after a stop; removed at the end."""

    def check(self) -> None:
        """Leave other people's folders alone.

        Raises:
            UsageError: There is a file, or a folder that holds something else.
        """
        if (self.folder / RECORD).is_file() or not self.folder.exists():
            return
        if self.folder.is_dir():
            names = {path.name for path in self.folder.iterdir()}
            if not names or _WORK in names:
                return
            held = f"it holds '{min(names)}'"
        else:
            held = "it is a file"
        raise UsageError(
            f"{self.folder} is no empty folder, and no pre-training's",
            why=held,
            fix="name another folder with --out",
        )

    def open(self, settings: Settings, text: list[str]) -> Pretraining | None:
        """Make the folder this pre-training's; return its record if it is done already.

        Args:
            settings: What is asked for.
            text: `texts.identity` of its sources.

        Raises:
            UsageError: The folder holds a pre-training of other settings.
            ArtefactError: The record is damaged.
            StorageError: The folder cannot be written.
        """
        asked = {**json.loads(json.dumps(asdict(settings))), "text": text}
        record = self.folder / RECORD
        if record.is_file():
            done = from_json(Pretraining, record.read_bytes(), where=str(record))
            kept = {**json.loads(json.dumps(asdict(done.settings))), "text": [*done.text]}
            self._compare(kept, asked, "is done")
            shutil.rmtree(self.work, ignore_errors=True)
            return done
        begun = self.work / _ASKED
        if begun.is_file():
            kept = json.loads(begun.read_bytes())
            if any(self.work.glob("*.checkpoint")):
                self._compare(kept, asked, "was begun")
            if kept == asked:
                return None
            # Nothing was learned yet, as after a setting that could not do: it is begun anew.
            for name in PARTS:
                shutil.rmtree(self.work / name, ignore_errors=True)
        write_atomic(self.work / _ASKED, json.dumps(asked, indent=1).encode())
        return None

    def close(self, record: Pretraining) -> None:
        """Write the record, the mark of the end, and remove what was needed to go on.

        Raises:
            StorageError: The disk is full or cannot be written.
        """
        write_atomic(self.folder / RECORD, to_json(record).encode())
        shutil.rmtree(self.work, ignore_errors=True)

    def _compare(self, kept: dict[str, object], asked: dict[str, object], state: str) -> None:
        changed = [
            f"{name}: {kept.get(name)!r}, now {asked.get(name)!r}"
            for name in sorted({*kept, *asked})
            if kept.get(name) != asked.get(name)
        ]
        if changed:
            raise UsageError(
                f"the pre-training in {self.folder} {state} with other settings",
                why="; ".join(changed),
                fix="the same command goes on; for another model name another --out",
            )
