"""What makes two runs the same: the question that was asked, as a hash."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from bakeoff.contenders.foreign.wrap import object_version
from bakeoff.core.hashing import hash_bytes, hash_value
from bakeoff.core.version import __version__
from bakeoff.results.records import RECORD_VERSION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bakeoff.plan.entrants import Entrant
    from bakeoff.plan.options import Options
    from bakeoff.plan.prepare import Prepared
    from bakeoff.results.records import PriceRecord

_BY_CONTENT = frozenset(
    {
        "workers",
        "name",
        "tensorboard",
        "target",
        "answers",
        "unlabelled",
        "answers_price",
        "volume",
        "prices",
    }
    | {"machine_price", "hosting_price", "llm_price"}
)
"""Options that change nothing, or whose meaning (not whose spelling) is hashed."""


def question_hash(
    prepared: Prepared, options: Options, entrants: Sequence[Entrant], prices: PriceRecord
) -> str:
    """Return the hash of what was asked; the same question goes on with the same plan.

    Files count by what is in them, so that the command may be repeated from another folder; how
    many workers there are, and what the run is called, does not matter.
    """
    others = prepared.unlabelled
    return hash_value(
        {
            "options": options.model_dump(mode="json", exclude=set(_BY_CONTENT)),
            "data": prepared.dataset.fingerprint,
            "target": prepared.task.target,
            "answers": prepared.answer_names(),
            "prices": asdict(prices),
            "contenders": [entrant.contender.name for entrant in entrants],
            "files": [_file_hash(path) for e in entrants for path in e.contender.files()],
            "objects": [object_version(e.contender) for e in entrants if e.is_object],
            "version": __version__,
            "records": RECORD_VERSION,
            **({} if others is None else {"unlabelled": others.sha256}),
        }
    )


def _file_hash(path: str) -> str:
    """Return the hash of a file's content; ``""`` for one that cannot be read."""
    try:
        return hash_bytes(Path(path).read_bytes())
    except OSError:
        return ""
