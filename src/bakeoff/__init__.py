"""bakeoff: do I need a large language model for this? An honest comparison on your own data.

``bakeoff.compare("reviews.csv", target="label")`` is the one call; everything is loaded on use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bakeoff.core.version import __version__ as __version__

if TYPE_CHECKING:
    from bakeoff.plan.compare import compare as compare
    from bakeoff.plan.model import Model as Model
    from bakeoff.plan.result import Result as Result
    from bakeoff.plan.result import open_result as open_result

__all__ = ["Model", "Result", "__version__", "compare", "open_result"]

_HOMES = {
    "Model": "bakeoff.plan.model",
    "Result": "bakeoff.plan.result",
    "compare": "bakeoff.plan.compare",
    "open_result": "bakeoff.plan.result",
}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used, so that ``import bakeoff`` costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module 'bakeoff' has no attribute '{name}'")
    import importlib

    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """Return the public names, those that are not loaded yet included."""
    return sorted(__all__)
