"""What authors of contenders, metrics, tasks and readers use to prove their work."""

from bakeoff.testing.check import ContractError
from bakeoff.testing.context import context
from bakeoff.testing.contract import check_contender, contender_checks, parametrize_checks
from bakeoff.testing.examples import Specimen, specimen

__all__ = [
    "ContractError",
    "Specimen",
    "check_contender",
    "contender_checks",
    "context",
    "parametrize_checks",
    "specimen",
]
