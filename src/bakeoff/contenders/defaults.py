"""The default table of contenders for a task."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bakeoff.contenders.registry import make_contender

if TYPE_CHECKING:
    from bakeoff.tasks.spec import TaskSpec


def default_contenders(task: TaskSpec) -> tuple[str, ...]:
    """Return the names of the contenders that run when the user names none."""
    names = ("bm25-knn", "ngram-linear", "pixels-linear", "hog-linear", "pixels-knn")
    return tuple(name for name in names if make_contender(name).refuses(task) is None)
