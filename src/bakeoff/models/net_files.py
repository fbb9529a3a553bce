"""Files that hold a picture net: read, told from others, kept with a model."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from bakeoff.core.errors import ArtefactError, ContenderError
from bakeoff.core.hashing import hash_bytes
from bakeoff.models.onnx_graph import read_graph

EXTRAS = {".tflite": "tflite", ".onnx": "onnx"}
"""Suffix of a file -> the extra of this project that runs it."""

LARGEST_COPY_BYTES = 50_000_000
"""A saved model holds a copy of its net up to this size; of a larger one, path and hash."""

_COPY = "picture-net"


@dataclass(frozen=True, slots=True)
class NetFile:
    """A net's file, read into memory.

    Args:
        name: The file's name, for messages.
        content: All of it.
        sha256: Of the content.
    """

    name: str
    content: bytes = field(repr=False)
    sha256: str

    @classmethod
    def read(cls, path: Path) -> NetFile:
        """Read a file.

        Raises:
            ContenderError: It cannot be read, or holds no net.
        """
        reason = why_no_net(path)
        if reason:
            raise ContenderError(reason)
        content = path.read_bytes()
        return cls(path.name, content, hash_bytes(content))

    @property
    def suffix(self) -> str:
        """``".tflite"`` or ``".onnx"``."""
        return Path(self.name).suffix.lower()


def why_no_net(path: Path) -> str | None:
    """Return why a file can hold no net that is run here, or None; no runtime is needed for it."""
    suffix = path.suffix.lower()
    if suffix not in EXTRAS:
        return f"'{path.name}' is no {' or '.join(EXTRAS)} file"
    try:
        if suffix == ".onnx":
            read_graph(path.read_bytes())
            return None
        with path.open("rb") as handle:
            begins = handle.read(8)
    except FileNotFoundError:
        return f"there is no file '{path}'"
    except OSError as error:
        return f"'{path}' cannot be read: {error.strerror}"
    except ValueError as error:
        return f"'{path.name}' is no whole ONNX file: {error}"
    return None if begins[4:] == b"TFL3" else f"'{path.name}' is no TFLite file"


def keep_net(file: NetFile, folder: Path) -> None:
    """Put a copy of a net into a model's folder, so that it can be moved, if it is not too large.

    Raises:
        OSError: The disk is full or cannot be written.
    """
    if len(file.content) <= LARGEST_COPY_BYTES:
        (folder / f"{_COPY}{file.suffix}").write_bytes(file.content)


def kept_net(folder: Path, path: Path, sha256: str) -> NetFile:
    """Return the net of a model in ``folder``, from the copy there, else from where it was.

    Args:
        folder: Of the model.
        path: Where the net was when the model was trained.
        sha256: Of its content.

    Raises:
        ArtefactError: It is not there, or no longer what it was.
    """
    copies = sorted(folder.glob(f"{_COPY}.*"))
    try:
        file = NetFile.read(copies[0] if copies else path)
    except ContenderError as error:
        raise ArtefactError(f"the model's net is not there: {error}") from error
    if file.sha256 != sha256:
        raise ArtefactError(
            f"'{path}' is not the net that this model was trained on",
            why="the net is too large for a copy in the model's folder, and its hash differs",
            fix="put the file back, or train again",
        )
    return file
