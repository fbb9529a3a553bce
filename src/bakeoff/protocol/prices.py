"""Prices: what the user said, else the project's stated assumptions; unknown stays unknown."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bakeoff.core.errors import UsageError, did_you_mean
from bakeoff.results.analysis import Money
from bakeoff.results.records import PriceRecord

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bakeoff.results.records import Cost

_MULTIPLES = {"": 1.0, "k": 1e3, "m": 1e6, "b": 1e9}
_PERIODS = {"month": 1.0, "day": 30.0, "week": 30 / 7, "year": 1 / 12, "hour": 720.0}


_TOKENS = ("prompt_tokens", "completion_tokens")

_Dollars = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class _Machine(BaseModel):
    model_config = ConfigDict(extra="forbid")
    per_cpu_hour: _Dollars | None = None
    hosting_per_month: _Dollars | None = None


class _Volume(BaseModel):
    model_config = ConfigDict(extra="forbid")
    per_month: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")
    prompt: _Dollars
    completion: _Dollars


class _PriceFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    machine: _Machine = _Machine()
    volume: _Volume = _Volume()
    rows: dict[str, _Dollars] = {}
    models: dict[str, _Model] = {}


def parse_price_per_row(text: str) -> float:
    """Return dollars a row from ``"4.1/1000"``, ``"0.004"`` or ``"$4.1/1k"``.

    Raises:
        UsageError: It cannot be read.
    """
    match = re.fullmatch(r"\$?\s*([\d.]+)\s*(?:/\s*([\d.]*)\s*([kKmM]?))?", text.strip())
    try:
        if match is None:
            raise ValueError
        count = float(match[2] or 1) * _MULTIPLES[(match[3] or "").lower()]
        return float(match[1]) / count
    except (ValueError, ZeroDivisionError):
        raise UsageError(
            f"cannot read the price '{text}'",
            where="--answers-price",
            fix="write dollars per rows, for example 4.1/1000",
        ) from None


def parse_llm_price(text: str) -> tuple[float, float]:
    """Return dollars for a million tokens, of prompt and answer, from ``"0.15/0.60"``.

    Raises:
        UsageError: It cannot be read.
    """
    match = re.fullmatch(r"\$?\s*([\d.]+)\s*/\s*\$?\s*([\d.]+)", text.strip())
    try:
        if match is None:
            raise ValueError
        return float(match[1]), float(match[2])
    except ValueError:
        raise UsageError(
            f"cannot read the price '{text}'",
            where="--llm-price",
            fix="write dollars per million tokens of the prompt and of the answer, for example "
            "0.15/0.60",
        ) from None


def parse_volume(text: str) -> float:
    """Return predictions a month from ``"100k/month"``, ``"5000/day"`` or ``"20000"``.

    Raises:
        UsageError: It cannot be read.
    """
    match = re.fullmatch(r"([\d.,_]+)\s*([kKmMbB]?)\s*(?:/\s*([a-z]+))?", text.strip())
    try:
        if match is None:
            raise ValueError
        number = float(match[1].replace(",", "").replace("_", ""))
        volume = number * _MULTIPLES[match[2].lower()] * _PERIODS[match[3] or "month"]
        if volume <= 0:
            raise ValueError
    except (ValueError, KeyError):
        raise UsageError(
            f"cannot read the volume '{text}'",
            where="--volume",
            why="it must be more than 0 predictions per " + ", ".join(_PERIODS),
            fix="write for example 100k/month or 5000/day",
        ) from None
    return volume


def load_prices(
    path: str | None,
    *,
    volume: str | None,
    per_row: Mapping[str, float],
    machine_price: float | None = None,
    hosting_price: float | None = None,
    llm_price: str | None = None,
) -> PriceRecord:
    """Return the prices of a run: options first, then the user's file, then our assumptions.

    Raises:
        UsageError: The file is absent or has an unknown or wrong entry.
    """
    default = _read(files("bakeoff.protocol").joinpath("prices.toml").read_text(), "prices.toml")
    own = _PriceFile()
    if path is not None:
        if not Path(path).is_file():
            raise UsageError(
                f"no price file {path}",
                where="--prices",
                fix="name a TOML file with [machine], [volume], [rows] and [models]",
            )
        own = _read(_text_of(Path(path)), path)
    said = {
        "machine_per_cpu_hour": (machine_price, own.machine.per_cpu_hour),
        "hosting_per_month": (hosting_price, own.machine.hosting_per_month),
        "volume_per_month": (parse_volume(volume) if volume else None, own.volume.per_month),
    }
    assumed = {
        "machine_per_cpu_hour": default.machine.per_cpu_hour or 0.0,
        "hosting_per_month": default.machine.hosting_per_month or 0.0,
        "volume_per_month": default.volume.per_month or 1.0,
    }
    values, ours = {}, []
    for name, candidates in said.items():
        known = [value for value in candidates if value is not None]
        values[name] = known[0] if known else assumed[name]
        if not known:
            ours.append(name)
    rows = {**default.rows, **own.rows, **per_row}
    models = {**default.models, **own.models}
    per_million = {
        f"llm:{name.removeprefix('llm:')}": (model.prompt, model.completion)
        for name, model in models.items()
    }
    if llm_price is not None:
        per_million = {"llm": parse_llm_price(llm_price)}
    return PriceRecord(**values, per_row=rows, assumed=tuple(ours), per_million=per_million)


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}", where="--prices") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 text", where="--prices") from error


def _read(text: str, where: str) -> _PriceFile:
    try:
        return _PriceFile.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"the price file is not TOML: {error}", where=where) from error
    except ValidationError as error:
        # A misspelt name is told before what is missing for it.
        first = min(error.errors(), key=lambda each: each["type"] != "extra_forbidden")
        at = ".".join(str(part) for part in first["loc"])
        if first["type"] == "extra_forbidden":
            known = ["machine", "volume", "rows", "per_cpu_hour", "hosting_per_month", "per_month"]
            known += ["models", "prompt", "completion"]
            raise UsageError(
                f"the price file has an unknown entry '{at}'",
                where=where,
                fix=did_you_mean(str(first["loc"][-1]), known),
            ) from error
        if first["type"] == "missing":
            raise UsageError(
                f"the price file's entry '{at}' is missing",
                where=where,
                fix="give both: prompt = 0.15 and completion = 0.60, dollars per million tokens",
            ) from error
        raise UsageError(
            f"the price file's entry '{at}' cannot be {first['input']!r}",
            where=where,
            why="prices are dollars, at least 0; a volume is more than 0",
        ) from error


def token_prices(prices: PriceRecord, source: str) -> tuple[float, float] | None:
    """Return dollars for a million tokens, of prompt and answer; None where not known.

    Args:
        prices: The run's prices; those of the endpoint's model come before those of the model
            anywhere, and these before those of any model.
        source: ``"llm:MODEL@URL"``.
    """
    anywhere = source.partition("@http")[0]
    for name in (source, anywhere, "llm" if source.startswith("llm:") else ""):
        if name in prices.per_million:
            return prices.per_million[name]
    return None


def dollars(prices: PriceRecord, unit: str, amount: float) -> float | None:
    """Return what some of a unit of usage costs; None where the price is not known.

    Units that nobody charges for (calls, cached tokens) cost nothing.

    Example:
        >>> prices = PriceRecord(0, 0, 1, {"answers:gpt": 0.5}, per_million={"llm": (2.0, 8.0)})
        >>> dollars(prices, "answers:gpt/row", 3)
        1.5
        >>> dollars(prices, "llm:model@http://host/prompt_tokens", 500)
        0.001
    """
    source, _, kind = unit.rpartition("/")
    if source.startswith("answers:"):
        price = prices.per_row.get(source)
        return None if price is None else amount * price
    if kind in _TOKENS:
        tokens = token_prices(prices, source)
        return None if tokens is None else amount * tokens[_TOKENS.index(kind)] / 1e6
    return 0.0


def money(
    prices: PriceRecord, *, hosted: bool, cost: Cost, usage: Sequence[Mapping[str, float]]
) -> Money:
    """Return what predictions cost at the user's volume.

    A trained model costs its CPU-seconds and its share of hosting; what it buys elsewhere (rows
    answered by an LLM) is added at the price per row or per token. A price that is not known
    leaves the sum unknown, never zero.

    Args:
        prices: The run's prices.
        hosted: Whether it is a model that the user hosts.
        cost: Of a prediction, measured.
        usage: What each judged row used of things that have a price.
    """
    used: dict[str, float] = {}
    for row in usage:
        for unit, amount in row.items():
            used[unit] = used.get(unit, 0.0) + amount
    charged = {unit: dollars(prices, unit, amount) for unit, amount in used.items()}
    unknown = tuple(sorted({unit.rpartition("/")[0] for unit, x in charged.items() if x is None}))
    per_row = sum(x for x in charged.values() if x is not None) / max(len(usage), 1)
    if hosted:
        if cost.cpu_s_per_row is None:
            unknown = (*unknown, "machine time")
        else:
            per_row += cost.cpu_s_per_row * prices.machine_per_cpu_hour / 3600
        per_row += prices.hosting_per_month / prices.volume_per_month
    if unknown:
        return Money(None, None, unknown)
    return Money(per_row * 1000, per_row * prices.volume_per_month)
