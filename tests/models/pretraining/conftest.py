"""These tests need torch and transformers."""

from bakeoff.core.extras import is_installed

collect_ignore_glob = [] if is_installed("torch") else ["test_*.py"]
