"""Data sets of the Hugging Face hub: ``hf://org/name?split=test&config=en&revision=...``."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from bakeoff.core.errors import DataError, UsageError, did_you_mean
from bakeoff.core.extras import require
from bakeoff.data.readers.frames import read_datasets

if TYPE_CHECKING:
    from bakeoff.data.readers.base import RawTable

_OPTIONS = ("split", "config", "revision")


def read(source: str, location: str) -> RawTable:
    """Read one split of a hub data set (``train`` unless another is named).

    Raises:
        UsageError: The address cannot be understood.
        DataError: The hub cannot be reached, or has no such data set, config or split.
        MissingExtraError: The package ``datasets`` is not installed.
    """
    name, _, query = source.removeprefix("hf:").removeprefix("//").partition("?")
    if not name:
        raise UsageError("an 'hf://' address needs a name", fix="hf://organisation/name")
    options = {key: values[-1] for key, values in parse_qs(query).items()}
    for key in options:
        if key not in _OPTIONS:
            raise UsageError(
                f"unknown option '{key}' in {location}", fix=did_you_mean(key, _OPTIONS)
            )
    datasets = require("datasets", extra="hub", needed_by=location)
    try:
        found = datasets.load_dataset(
            name,
            options.get("config"),
            split=options.get("split", "train"),
            revision=options.get("revision"),
        )
    # Connection, HTTP and missing-repository errors of the hub's client are all OSErrors.
    except (OSError, ValueError) as error:
        raise DataError(
            f"cannot read {location} from the hub",
            why=str(error).splitlines()[0] if str(error) else type(error).__name__,
            fix="check the name, ?config= and ?split=, and that the hub can be reached",
        ) from error
    return read_datasets(found, location)
