"""What a check is: a named function that raises where a contract is broken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from bakeoff.core.errors import ContenderError

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class ContractError(ContenderError):
    """A check found a broken promise; the message says which, on which rows, and how."""


class NotTestableError(Exception):
    """A check has nothing to look at here; the message says why."""


@dataclass(frozen=True, slots=True)
class Check(Generic[T]):
    """A named function over a bench ``T`` (a contender with its examples, later a reader ...).

    Args:
        name: What is promised, as a sentence in snake case.
        topic: File that it stands in.
        run: Raises `ContractError` where the promise is broken.
    """

    name: str
    topic: str
    run: Callable[[T], None]


class CheckList(Generic[T]):
    """Checks in the order in which they were written down."""

    def __init__(self) -> None:
        self._checks: list[Check[T]] = []

    def __call__(self, function: Callable[[T], None]) -> Callable[[T], None]:
        """Add a function as a check under its own name (used as a decorator).

        Raises:
            ValueError: The name is taken.
        """
        name = function.__name__
        if any(check.name == name for check in self._checks):
            raise ValueError(f"two checks are called '{name}'")
        self._checks.append(Check(name, function.__module__.rpartition(".")[2], function))
        return function

    def all(self) -> tuple[Check[T], ...]:
        """Return the checks."""
        return tuple(self._checks)


def expect(holds: object, what: str) -> None:
    """Do nothing if ``holds``.

    Raises:
        ContractError: It does not; the message is ``what``.
    """
    if not holds:
        raise ContractError(what)
