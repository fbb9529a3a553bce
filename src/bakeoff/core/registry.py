"""Names that map to ``"module:Class"`` strings and are loaded on use.

Listing what exists costs no import. Other packages add names through an entry point group;
a name that is taken twice is an error, not a silent override.
"""

from __future__ import annotations

import importlib
import sys
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import entry_points
from typing import Generic, TypeVar

from bakeoff.core.errors import UsageError, did_you_mean

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Registry(Generic[T]):
    """A table from names to things that are imported when asked for.

    Args:
        what: What one entry is called in messages, for example ``"contender"``.
        built_in: name -> ``"module:attribute"``.
        group: Entry point group through which other packages add names.
    """

    what: str
    built_in: dict[str, str]
    group: str
    _loaded: dict[str, T] = field(default_factory=dict)

    def targets(self) -> dict[str, str]:
        """Return name -> ``"module:attribute"`` of all entries, those of other packages included.

        Raises:
            UsageError: Two packages claim the same name.
        """
        targets = dict(self.built_in)
        for name, target in _added(self.group, tuple(sys.path)):
            if targets.get(name, target) != target:
                raise UsageError(
                    f"the {self.what} name '{name}' is taken twice",
                    where=f"{targets[name]} and {target}",
                    fix="uninstall one of the two packages, or rename its entry point",
                )
            targets[name] = target
        return targets

    def names(self) -> tuple[str, ...]:
        """Return all names, the project's own first in their order."""
        return tuple(self.targets())

    def load(self, name: str) -> T:
        """Import and return the entry.

        Raises:
            UsageError: No entry has this name; the message shows the nearest ones.
        """
        if name not in self._loaded:
            targets = self.targets()
            if name not in targets:
                raise UsageError(f"unknown {self.what} '{name}'", fix=did_you_mean(name, targets))
            self._loaded[name] = load_object(targets[name])
        return self._loaded[name]


@cache
def _added(group: str, path: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return name and target of a group's entry points; looking through all packages is slow."""
    del path
    return tuple((point.name, point.value) for point in entry_points(group=group))


def load_object(target: str) -> T:  # type: ignore[type-var]  # the caller knows what it names
    """Import ``"module:attribute"`` and return the attribute.

    Raises:
        UsageError: The module or the attribute does not exist.
    """
    module_name, _, attribute = target.partition(":")
    try:
        found = importlib.import_module(module_name)
        for part in attribute.split("."):
            found = getattr(found, part)
    except (ImportError, AttributeError) as error:
        raise UsageError(
            f"cannot load '{target}': {error}", fix="write it as module:name"
        ) from error
    return found  # type: ignore[return-value]
