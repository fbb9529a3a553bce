"""Every error that the project raises on purpose, in one tree.

::

    BakeoffError
    ├── UserError              the user can mend it: printed without a traceback, exit code 1
    │   ├── UsageError         a wrong option, name or setting: exit code 2
    │   ├── DataError          the data cannot be read or used as asked
    │   ├── PlanError          the plan cannot be made or carried out
    │   ├── RunFolderError     the run folder is busy, of another plan, or damaged
    │   ├── ArtefactError      a saved model or record does not fit its hash or version
    │   ├── EndpointError      a model's endpoint refuses us or no longer answers
    │   ├── StorageError       the disk is full or cannot be written
    │   └── MissingExtraError  an optional package is not installed
    ├── BudgetReachedError     a limit the user set was reached: exit code 4
    └── ContenderError         a contender broke its contract: a row with its reason
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class BakeoffError(Exception):
    """Base of all errors raised on purpose; ``str(error)`` is fit for a user's eyes."""

    exit_code = 1


class UserError(BakeoffError):
    """The user can mend this.

    Args:
        what: What is wrong, with what was got.
        where: File, row, column or option, if known.
        why: Why it is refused, or what is allowed.
        fix: What to do, preferably the option or call to use.
    """

    def __init__(self, what: str, *, where: str = "", why: str = "", fix: str = "") -> None:
        self.what = what
        self.where = where
        self.why = why
        self.fix = fix
        lines = [what]
        lines += [f"  {name}: {text}" for name, text in self._details() if text]
        super().__init__("\n".join(lines))

    def _details(self) -> tuple[tuple[str, str], ...]:
        return (("where", self.where), ("why", self.why), ("fix", self.fix))


class UsageError(UserError):
    """A wrong option, name or setting."""

    exit_code = 2


class DataError(UserError):
    """The data cannot be read, or not used as asked."""


class PlanError(UserError):
    """The plan cannot be made or carried out."""


class RunFolderError(UserError):
    """The run folder is busy, belongs to another plan, or is damaged."""


class ArtefactError(UserError):
    """A saved model or record does not fit its hash, its version or this machine."""


class EndpointError(UserError):
    """A model's endpoint refuses the key or the account, or no longer answers."""


class StorageError(UserError):
    """The disk is full or cannot be written."""


class MissingExtraError(UserError):
    """An optional package is not installed.

    Args:
        package: The import name that is missing.
        extra: The extra of this project that brings it.
        needed_by: What asked for it.
    """

    def __init__(self, package: str, *, extra: str, needed_by: str) -> None:
        super().__init__(
            f"{needed_by} needs the package '{package}', which is not installed",
            fix=f"pip install 'bakeoff[{extra}]'",
        )


class BudgetReachedError(BakeoffError):
    """A limit that the user set was reached; what was done so far is valid and kept."""

    exit_code = 4


class ContenderError(BakeoffError):
    """A contender broke its contract; it becomes a row with this reason, the run goes on."""


def did_you_mean(name: str, known: Iterable[str], *, most: int = 3) -> str:
    """Return ``"did you mean 'a' or 'b'?"`` for the names nearest to ``name``, or all of them.

    Args:
        name: What was given.
        known: The names that exist.
        most: How many suggestions at the most.

    Example:
        >>> did_you_mean("lable", ["label", "text"])
        "did you mean 'label'?"
    """
    names = sorted(known)
    by_folded = {candidate.casefold(): candidate for candidate in names}
    near = difflib.get_close_matches(name.casefold(), list(by_folded), n=most, cutoff=0.6)
    if near:
        return "did you mean " + " or ".join(f"'{by_folded[match]}'" for match in near) + "?"
    shown = ", ".join(f"'{candidate}'" for candidate in names[:20])
    return f"known: {shown}" + (", ..." if len(names) > 20 else "") if names else "none is known"
