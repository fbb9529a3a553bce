"""What the user may ask for: checked at the door, unknown names refused."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from bakeoff.core.errors import UsageError, did_you_mean
from bakeoff.data.readers.plain_text import BLOCK
from bakeoff.protocol.prices import parse_llm_price, parse_price_per_row, parse_volume

Preset = Literal["quick", "balanced", "thorough"]

_DEVICE = re.compile(r"(auto|cpu|cuda(:\d+)?|mps|xpu(:\d+)?)$")


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
    kind: Literal["classification", "regression", "language-modelling"] | None = None
    block: int = Field(default=BLOCK, ge=16)
    """Language modelling: characters of a block, at most, that a file of running text is cut to."""
    metric: str | None = None
    """Primary metric, in place of the task's default."""
    unlabelled: str | None = None
    """File of rows without a label, with the same inputs; contenders that can, learn from them."""
    answers: tuple[str, ...] = ()
    """Columns or files of predictions made elsewhere."""
    answers_price: tuple[str, ...] = ()
    """Dollars per rows, for example ``4.1/1000``: one for all answers, or one each."""
    answers_origin: tuple[str, ...] = ()
    """Whose answers they are, as the page shall say it: a name, or ``llm`` for a large language
    model whose name is not recorded. One for all answers, or one each."""
    contenders: tuple[str, ...] = ()
    """Contenders to run, in place of the default table."""
    llm: tuple[str, ...] = ()
    """Prompted language models that compete too, as ``MODEL@BASE_URL`` or a spec: beside the
    default table with cascades that send on to them, or beside those in ``contenders``."""
    exclude: tuple[str, ...] = ()
    reference: str | None = None
    preset: Preset = "balanced"
    folds: int | None = Field(default=None, ge=1, le=50)
    """Times that the training rows are divided; 1: not at all, the held-out rows decide alone."""
    seeds: int | None = Field(default=None, ge=1, le=50)
    limit: int | None = Field(default=None, ge=4)
    """Keep at most so many rows of each part."""
    time: str = "10m"
    """Time limit, for example ``90s``, ``10m`` or ``1h``."""
    rope: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    """Difference that you would not care about: points for metrics in per cent, else in the
    metric's unit."""
    volume: str | None = None
    prices: str | None = None
    machine_price: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    hosting_price: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    llm_price: str | None = None
    """Dollars per million tokens of the prompt and of the answer, for example ``0.15/0.60``: of
    every prompted language model in the run."""
    max_cost: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    """Dollars that the run may spend on calls; reached, it goes on with the answers it has."""
    max_calls: int | None = Field(default=None, ge=1)
    """Calls that the run may make; reached, it goes on with the answers it has."""
    ask_all: bool = False
    """Ask a prompted model on every row that judges, in place of 500 at most."""
    seed: int = 0
    workers: int | None = Field(default=None, ge=1)
    device: str = "auto"
    """Where nets run: ``auto``, ``cpu`` or another torch device such as ``cuda:1``."""
    tensorboard: str | None = None
    """Folder for training curves (extra ``tensorboard``)."""
    name: str | None = None

    @field_validator(
        "text", "category", "number", "image", "ignore", "contenders", "exclude", "llm",
        "answers", "answers_price", "answers_origin", mode="before",
    )  # fmt: skip
    @classmethod
    def _listed(cls, value: Any) -> Any:
        """Let one string stand for a list of one; commas separate names of contenders."""
        return (value,) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _readable(self) -> Options:
        """Read what is written as text here, so that a slip shows before any data is read."""
        parse_seconds(self.time)
        if not _DEVICE.match(self.device):
            raise UsageError(
                f"the device '{self.device}' is not known",
                where="--device",
                fix="write auto, cpu, cuda, cuda:1 or mps",
            )
        if self.volume is not None:
            parse_volume(self.volume)
        for price in self.answers_price:
            parse_price_per_row(price)
        if self.llm_price is not None:
            parse_llm_price(self.llm_price)
        return self


def make_options(values: dict[str, Any], config: str | Path | None = None) -> Options:
    """Return the options: those given, else those of the TOML file, else defaults.

    Raises:
        UsageError: An option is unknown (the nearest is shown) or cannot be read.
    """
    from_file = {} if config is None else _read_config(Path(config))
    given = {key: value for key, value in values.items() if value not in (None, (), [])}
    try:
        return Options.model_validate({**from_file, **given})
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        where = str(config) if name in from_file and name not in given else ""
        if first["type"] == "extra_forbidden":
            raise UsageError(
                f"unknown option '{name}'",
                where=where,
                fix=did_you_mean(name, Options.model_fields),
            ) from error
        raise UsageError(
            f"the option '{name}' cannot be {first['input']!r}",
            where=where,
            why=_allowed(first["type"], first.get("ctx", {})),
            fix=did_you_mean(first["input"], get_args(Preset))
            if name == "preset" and isinstance(first["input"], str)
            else "",
        ) from error


_ALLOWED = {
    "int": "it must be a whole number",
    "float": "it must be a number",
    "finite": "it must be a number",
    "string": "it must be text",
    "tuple": "it must be a list of names",
    "greater": "it must be at least {ge:g}",
    "bool": "it must be true or false",
    "less": "it must be at most {le:g}",
    "literal": "it must be {expected}",
}


def _allowed(kind: str, facts: dict[str, Any]) -> str:
    """Return what would be allowed, in words, from a type of pydantic's errors."""
    return _ALLOWED[kind.partition("_")[0]].format(**facts)


def _read_config(path: Path) -> dict[str, Any]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}", where="--config") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(
            f"{path} is not TOML: {error}",
            where="--config",
            fix="write options as on the command line, one a line: folds = 5, target = 'label'",
        ) from error
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
        raise UsageError(
            f"cannot read the time '{text}'", where="--time", fix="write 90s, 10m or 1h"
        )
    return seconds
