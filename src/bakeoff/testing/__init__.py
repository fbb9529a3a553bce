"""What authors of contenders, metrics, tasks and readers use to prove their work."""

from bakeoff.testing.check import ContractError
from bakeoff.testing.context import context
from bakeoff.testing.contract import check_contender, contender_checks, parametrize_checks
from bakeoff.testing.examples import Specimen, specimen
from bakeoff.testing.hostile_rows import HOSTILE_ROWS, Flips, flip_rate, hostile_rows

__all__ = [
    "HOSTILE_ROWS",
    "ContractError",
    "Flips",
    "Specimen",
    "check_contender",
    "contender_checks",
    "context",
    "flip_rate",
    "hostile_rows",
    "parametrize_checks",
    "specimen",
]
