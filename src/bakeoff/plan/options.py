"""What the user may ask for: checked at the door, unknown names refused."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from bakeoff.core.errors import UsageError, did_you_mean

Preset = Literal["quick", "balanced", "thorough"]


class Options(BaseModel):
    """Everything that a run can be told, beside the data itself.

    The same names stand on the command line (with dashes), in a TOML file (``--config``) and as
    keyword arguments of `bakeoff.compare`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    target: str | None = None
    """Column to predict; inferred where its name is a usual one."""
    text: tuple[str, ...] = ()
    """Columns that are text (and inputs)."""
    category: tuple[str, ...] = ()
    number: tuple[str, ...] = ()
    image: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    """Columns to leave out."""
    id: str | None = None
    """Column that names rows (for an answers file)."""
    group: str | None = None
    """Column whose equal values stay on one side of every split."""
    kind: Literal["classification", "regression"] | None = None
    metric: str | None = None
    """Primary metric, in place of the task's default."""
    answers: tuple[str, ...] = ()
    """Columns or files of predictions made elsewhere."""
    answers_price: tuple[str, ...] = ()
    """Dollars per rows, for example ``4.1/1000``: one for all answers, or one each."""
    contenders: tuple[str, ...] = ()
    """Contenders to run, in place of the default table."""
    exclude: tuple[str, ...] = ()
    reference: str | None = None
    preset: Preset = "balanced"
    folds: int | None = Field(default=None, ge=2, le=50)
    seeds: int | None = Field(default=None, ge=1, le=50)
    limit: int | None = Field(default=None, ge=4)
    """Keep at most so many rows of each part."""
    time: str = "10m"
    """Time limit, for example ``90s``, ``10m`` or ``1h``."""
    rope: float | None = Field(default=None, ge=0)
    """Difference that you would not care about: points for metrics in per cent, else in the
    metric's unit."""
    volume: str | None = None
    prices: str | None = None
    machine_price: float | None = Field(default=None, ge=0)
    hosting_price: float | None = Field(default=None, ge=0)
    seed: int = 0
    workers: int | None = Field(default=None, ge=1)
    name: str | None = None

    @field_validator(
        "text", "category", "number", "image", "ignore", "answers", "answers_price",
        "contenders", "exclude", mode="before",
    )  # fmt: skip
    @classmethod
    def _listed(cls, value: Any) -> Any:
        """Let one string stand for a list of one; commas separate names of contenders."""
        return (value,) if isinstance(value, str) else value


def make_options(values: dict[str, Any], config: str | Path | None = None) -> Options:
    """Return the options: those given, else those of the TOML file, else defaults.

    Raises:
        UsageError: An option is unknown (the nearest is shown) or cannot be read.
    """
    from_file = {} if config is None else _read_config(Path(config))
    given = {key: value for key, value in values.items() if value not in (None, (), [])}
    where = f"{config}" if config is not None else "the options"
    try:
        return Options.model_validate({**from_file, **given})
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else ""
        if first["type"] == "extra_forbidden":
            raise UsageError(
                f"unknown option '{name}'",
                where=where,
                fix=did_you_mean(name, Options.model_fields),
            ) from error
        raise UsageError(
            f"the option '{name}' cannot be {first['input']!r}", where=where, why=first["msg"]
        ) from error


def _read_config(path: Path) -> dict[str, Any]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}", where="--config") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is not TOML: {error}", where="--config") from error
    return {key.replace("-", "_"): value for key, value in content.items()}


def parse_seconds(text: str) -> float:
    """Return seconds from ``"90s"``, ``"10m"``, ``"1h"`` or ``"90"``.

    Raises:
        UsageError: It cannot be read.
    """
    units = {"s": 1.0, "m": 60.0, "h": 3600.0}
    plain = text.strip().lower().removesuffix("in").removesuffix("ec")
    unit = units.get(plain[-1:], 0.0)
    try:
        seconds = float(plain[:-1]) * unit if unit else float(plain)
    except ValueError:
        seconds = -1.0
    if not 0 < seconds < 10**9:
        raise UsageError(f"cannot read the time '{text}'", fix="write 90s, 10m or 1h")
    return seconds
