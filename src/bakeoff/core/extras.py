"""Optional packages: asked for where a room needs them, never installed by us."""

from __future__ import annotations

import importlib
import importlib.util
from typing import TYPE_CHECKING

from bakeoff.core.errors import MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType


EXTRAS: Mapping[str, tuple[str, ...]] = {
    "text": ("gensim",),
    "torch": ("torch", "transformers", "peft"),
    "onnx": ("onnxruntime",),
    "tflite": ("ai_edge_litert",),
    "tensorboard": ("tensorboard",),
    "hub": ("datasets",),
    "llm": ("httpx", "tenacity"),
}
"""Extras of this project -> the packages, by import name, that tell whether it is there."""


def missing_package(extra: str) -> str | None:
    """Return the first package of an extra that is not installed, or None; nothing is imported."""
    return next((name for name in EXTRAS.get(extra, ()) if not is_installed(name)), None)


def is_installed(package: str) -> bool:
    """Return whether ``package`` can be imported, without importing it."""
    return importlib.util.find_spec(package.split(".", 1)[0]) is not None


def require(package: str, *, extra: str, needed_by: str) -> ModuleType:
    """Import and return an optional package.

    Args:
        package: Import name, for example ``"gensim.models"``.
        extra: The extra of this project that brings it.
        needed_by: What asks for it, as the user knows it.

    Raises:
        MissingExtraError: It is not installed; the message holds the pip line.
    """
    if not is_installed(package):
        raise MissingExtraError(package.split(".", 1)[0], extra=extra, needed_by=needed_by)
    return importlib.import_module(package)
