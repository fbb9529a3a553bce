"""The contract of contenders: which checks there are, and three ways to run them.

::

    check_contender("my-contender")                  # in a script: raises with all that is broken

    @parametrize_checks("my-contender")              # in pytest: one test for each check
    def test_contract(check):
        check()

    for check in contender_checks("my-contender"):   # one by one
        print(check.name)

To add a check, write a function in the file of its topic under `bakeoff.testing.contenders`; it
is then run over every contender of this project and of other packages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bakeoff.contenders.registry import make_contender
from bakeoff.core.errors import UsageError, did_you_mean
from bakeoff.testing.check import Check, ContractError, NotTestableError
from bakeoff.testing.contenders import (  # noqa: F401 - their checks are listed on import
    card,
    language,
    leaks,
    learning,
    manners,
    prediction,
    rows,
    saving,
)
from bakeoff.testing.contenders.bench import Bench, contender_check
from bakeoff.testing.examples import MODALITIES

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pytest

    from bakeoff.contenders.base import Contender


@dataclass(frozen=True, slots=True)
class BoundCheck:
    """A check of one contender, ready to be called.

    The checks of one contender share a bench, so that what one of them fitted the others use;
    each can be called alone.
    """

    check: Check[Bench]
    bench: Bench

    @property
    def name(self) -> str:
        """What is promised, as a sentence in snake case."""
        return self.check.name

    def __call__(self) -> None:
        """Run the check.

        Raises:
            ContractError: The promise is broken; the message names contender, check and row.
            NotTestableError: There is nothing to look at in this contender.
        """
        try:
            self.check.run(self.bench)
        except ContractError as error:
            where = f"{self.bench.contender.name} breaks '{self.name}'"
            raise ContractError(f"{where}: {error}") from error


def contender_checks(
    contender: Contender | str, *, modalities: tuple[str, ...] = tuple(MODALITIES)
) -> list[BoundCheck]:
    """Return all checks of a contender.

    Args:
        contender: A contender, or its spec string.
        modalities: Names in `bakeoff.testing.examples.MODALITIES` to try it on; for what cannot
            refuse by itself (any scikit-learn estimator may stand behind one contender).

    Raises:
        UsageError: The spec names no contender.
    """
    made = make_contender(contender) if isinstance(contender, str) else contender
    bench = Bench(made, modalities)
    return [BoundCheck(check, bench) for check in contender_check.all()]


def check_contender(
    contender: Contender | str,
    *,
    skip: Mapping[str, str] | None = None,
    modalities: tuple[str, ...] = tuple(MODALITIES),
) -> dict[str, str]:
    """Run all checks and say everything that is broken at once.

    Args:
        contender: A contender, or its spec string.
        skip: Name of a check -> why this contender may break it.
        modalities: As in `contender_checks`.

    Returns:
        Name of each check -> ``"passed"``, or why it was not run.

    Raises:
        ContractError: At least one promise is broken; one line each.
        UsageError: ``skip`` names no check, or the spec no contender.
    """
    checks = contender_checks(contender, modalities=modalities)
    reasons = dict(skip or {})
    for name in reasons:
        if name not in {check.name for check in checks}:
            names = [check.name for check in checks]
            raise UsageError(f"no check is called '{name}'", fix=did_you_mean(name, names))
    results: dict[str, str] = {}
    broken: list[str] = []
    for check in checks:
        if check.name in reasons:
            results[check.name] = f"skipped: {reasons[check.name]}"
            continue
        try:
            check()
            results[check.name] = "passed"
        except NotTestableError as reason:
            results[check.name] = f"not testable: {reason}"
        except ContractError as error:
            broken.append(str(error))
        except Exception as error:  # noqa: BLE001 - whatever a contender raises is told with the rest
            broken.append(
                f"{check.bench.contender.name} breaks '{check.name}': "
                f"it raises {type(error).__name__}: {error}"
            )
    if broken:
        raise ContractError("\n".join([f"{len(broken)} of {len(checks)} checks fail", *broken]))
    return results


def parametrize_checks(*contenders: Contender | str) -> pytest.MarkDecorator:
    """Return a pytest decorator that runs a test once for each contender and check.

    The test takes one argument, ``check``, and calls it.

    Raises:
        UsageError: A spec names no contender.
    """
    import pytest

    def in_pytest(check: BoundCheck) -> Any:
        def run() -> None:
            try:
                check()
            except NotTestableError as reason:
                pytest.skip(str(reason))

        return run

    parameters = [
        pytest.param(in_pytest(check), id=f"{check.bench.contender.name}-{check.name}")
        for contender in contenders
        for check in contender_checks(contender)
    ]
    return pytest.mark.parametrize("check", parameters)
