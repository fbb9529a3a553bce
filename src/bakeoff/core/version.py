"""The project's version, where every room can see it (``bakeoff.__version__`` is this one)."""

from __future__ import annotations

__version__ = "0.1.0"
