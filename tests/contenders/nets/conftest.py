"""These tests need torch; without it the folder is left out."""

from __future__ import annotations

from bakeoff.core.extras import is_installed

collect_ignore_glob = [] if is_installed("torch") else ["test_*.py"]
