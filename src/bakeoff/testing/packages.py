"""Make-believe packages: entry points that are found without anything being installed."""

from __future__ import annotations

import contextlib
import importlib
import sys
from typing import TYPE_CHECKING

from bakeoff.contenders.registry import CONTENDERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


@contextlib.contextmanager
def pretend_installed(
    folder: Path, modules: Mapping[str, str], contenders: Mapping[str, str]
) -> Iterator[None]:
    """Make modules importable and their contenders known by name, as if pip had installed them.

    Args:
        folder: Empty folder that stands for site-packages.
        modules: Name of a module -> its source.
        contenders: Registry name -> ``"module:Class"``, the package's entry points.
    """
    for name, source in modules.items():
        (folder / f"{name}.py").write_text(source, encoding="utf-8")
    facts = folder / "make_believe-1.0.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: make-believe\nVersion: 1.0\n")
    points = [f"{name} = {target}" for name, target in contenders.items()]
    (facts / "entry_points.txt").write_text("\n".join(["[bakeoff.contenders]", *points, ""]))
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        for module in modules:
            sys.modules.pop(module, None)
        for name in contenders:
            # What was loaded from there would otherwise be found after it has gone.
            CONTENDERS._loaded.pop(name, None)
