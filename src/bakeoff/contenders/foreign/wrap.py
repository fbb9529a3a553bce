"""Python objects as contenders: estimators, functions, and contenders as they are."""

from __future__ import annotations

import inspect
from types import CodeType
from typing import TYPE_CHECKING, Any

from bakeoff.contenders.base import Contender
from bakeoff.contenders.foreign.python_callable import PythonCallable
from bakeoff.contenders.foreign.sklearn_estimator import SklearnEstimator
from bakeoff.core.errors import UsageError
from bakeoff.core.hashing import hash_parts

if TYPE_CHECKING:
    from collections.abc import Iterator


def wrap_object(item: Any) -> Contender:
    """Return an object as a contender.

    Args:
        item: A contender, an estimator with ``fit``, ``predict`` and ``get_params``, or a function
            from a list of dicts (column -> value) to as many labels or numbers.

    Raises:
        UsageError: It is none of these.
    """
    if isinstance(item, Contender):
        return item
    if isinstance(item, type):
        raise UsageError(f"{item.__name__} is a class", fix=f"give an object: {item.__name__}()")
    if all(hasattr(item, name) for name in ("fit", "predict", "get_params")):
        return SklearnEstimator(item)
    if callable(item):
        return PythonCallable(item)
    raise UsageError(
        f"an object of type {type(item).__name__} cannot compete",
        why="a contender is a name, an estimator as scikit-learn's, a function, or a Contender",
        fix="give for example contenders=['ngram-linear', make_pipeline(...), my_function]",
    )


def object_version(contender: Contender) -> str:
    """Return a hash that changes with an object's settings or code, where they can be seen.

    A name cannot tell that the function behind it was edited; a run that goes on must not mix
    the predictions of both.
    """
    parts: list[str | bytes] = [contender.name, repr(sorted(contender.settings().items()))]
    if isinstance(contender, SklearnEstimator):
        parts.append(repr(sorted(contender.estimator.get_params(deep=True).items(), key=str)))
    elif isinstance(contender, PythonCallable):
        parts += _code_of(contender.function)
    else:
        for function in vars(type(contender)).values():
            parts += _code_of(function)
    return hash_parts(parts)


def _code_of(function: Any) -> list[str | bytes]:
    """Return what a function does and what it holds; of another callable, its class's code."""
    plain = inspect.unwrap(function) if callable(function) else function
    code = getattr(plain, "__code__", None)
    if isinstance(code, CodeType):
        held = [repr(cell.cell_contents) for cell in getattr(plain, "__closure__", None) or ()]
        return [*_pieces(code), repr(getattr(plain, "__defaults__", None)), *held]
    code = getattr(vars(type(plain)).get("__call__"), "__code__", None)
    return list(_pieces(code)) if isinstance(code, CodeType) else []


def _pieces(code: CodeType) -> Iterator[str | bytes]:
    yield code.co_code
    yield repr(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _pieces(constant)
        else:
            yield repr(constant)
