"""Python objects as contenders: contenders as they are."""

from __future__ import annotations

from typing import Any

from bakeoff.contenders.base import Contender
from bakeoff.core.errors import UsageError


def wrap_object(item: Any) -> Contender:
    """Return the object as a contender.

    Raises:
        UsageError: It is none.
    """
    if isinstance(item, Contender):
        return item
    raise UsageError(f"{type(item).__name__} is no contender")
