"""bakeoff: do I need a large language model for this? An honest comparison on your own data.

``bakeoff.compare("reviews.csv", target="label")`` is the one call; everything is loaded on use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bakeoff.core.version import __version__ as __version__

if TYPE_CHECKING:
    from bakeoff.plan.compare import Result as Result
    from bakeoff.plan.compare import compare as compare
    from bakeoff.plan.compare import open_result as open_result

__all__ = ["Result", "__version__", "compare", "open_result"]

_HOMES = dict.fromkeys(("Result", "compare", "open_result"), "bakeoff.plan.compare")


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used, so that ``import bakeoff`` costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module 'bakeoff' has no attribute '{name}'")
    import importlib

    return getattr(importlib.import_module(_HOMES[name]), name)
