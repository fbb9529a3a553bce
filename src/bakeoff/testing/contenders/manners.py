"""Checks of manners: what a contender leaves as it found it."""

from __future__ import annotations

import contextlib
import os
import random
import warnings
import weakref
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from bakeoff.contenders.artefacts import save_model
from bakeoff.core.errors import ArtefactError, BudgetReachedError
from bakeoff.testing.check import NotTestableError, expect
from bakeoff.testing.contenders.bench import contender_check
from bakeoff.testing.contenders.compare import expect_same
from bakeoff.testing.watch import written_paths

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bakeoff.tasks.examples import Examples
    from bakeoff.testing.contenders.bench import Bench
    from bakeoff.testing.examples import Specimen

_FEW = 16


@contender_check
def what_it_is_given_stays_as_it_is(bench: Bench) -> None:
    """Neither fit nor predict changes the rows of others."""
    for example in bench.main:
        seen = _observed(bench, example)
        expect(not seen.changed, f"{seen.changed}: a cell, an id or a target changed")


@contender_check
def it_writes_only_where_it_may(bench: Bench) -> None:
    """In fit and predict into the context's folders, in save into the folder of the model."""
    example = bench.main[0]
    bench.predict(bench.fitted(example), example.fresh.inputs)  # lazy imports are done by now
    context = bench.context()
    allowed = [context.scratch, context.features.root, context.answers.root]
    home = bench.save_folder("home")
    with _moved_home(home), written_paths() as paths:
        fitted = bench.contender.fit(example.train, example.valid, context)
        fitted.predict(example.fresh.inputs, context)
        model = bench.save_folder("model")
        allowed.append(model)
        with contextlib.suppress(ArtefactError):
            save_model(bench.contender, example.task, fitted, model)
        strays = [str(path) for path in home.rglob("*")]
    strays += [p for p in paths if not any(Path(p).is_relative_to(folder) for folder in allowed)]
    expect(not strays, f"it writes elsewhere: {strays[0] if strays else ''}")


@contender_check
def global_random_state_is_left_alone(bench: Bench) -> None:
    """Global generators are neither drawn from nor seeded."""
    for example in bench.main:
        used = _observed(bench, example).generators
        expect(not used, f"{', '.join(used)} was used; make a generator from context.seed")


@contender_check
def the_process_is_left_alone(bench: Bench) -> None:
    """Environment, working folder, warning filters and numpy's error state stay as they were."""
    for example in bench.main:
        moved = _observed(bench, example).process
        expect(not moved, f"it changes {', '.join(moved)} of the whole process")


@contender_check
def it_warns_of_nothing(bench: Bench) -> None:
    """Ordinary rows raise no warning that a user would have to understand."""
    for example in bench.main:
        shown = _observed(bench, example).warnings
        expect(not shown, f"it warns: {shown[0] if shown else ''}")


@contender_check
def threads_get_the_same_answer(bench: Bench) -> None:
    """A service predicts from several threads with one model."""
    for example in bench.main:
        fitted, inputs = bench.fitted(example), example.fresh.inputs
        wanted = bench.predict(fitted, inputs)
        contexts = [bench.context() for _ in range(4)]
        with ThreadPoolExecutor(2) as pool:
            jobs = [pool.submit(fitted.predict, inputs, context) for context in contexts]
        for job in jobs:
            expect_same(job.result(), wanted, "when two threads predicted at once")


@contender_check
def the_number_of_threads_changes_nothing(bench: Bench) -> None:
    """``context.threads`` is about speed; sums in another order may differ in the last digits."""
    example = bench.main[0]
    fitted = bench.contender.fit(example.train, example.valid, bench.context(threads=2))
    # A few rows tell as much as all, and small steps of two threads wait for each other.
    asked = example.fresh.inputs.take(range(_FEW))
    got = fitted.predict(asked, bench.context(threads=2))
    wanted = bench.predict(bench.fitted(example), asked)
    expect_same(got, wanted, "with two threads", tolerance=1e-6)


@contender_check
def a_reached_limit_stops_it(bench: Bench) -> None:
    """When the meter says stop, the contender does not go on as if nothing had happened."""
    example = bench.main[0]
    for stage in ("fit", "predict"):
        meter = _Full()
        context = replace(bench.context(), meter=meter)
        try:
            if stage == "fit":
                bench.contender.fit(example.train, example.valid, context)
            else:
                bench.fitted(example).predict(example.fresh.inputs, context)
        except BudgetReachedError:
            continue
        expect(not meter.asked, f"{stage} goes on after the meter's limit was reached")
        if stage == "predict":
            raise NotTestableError("it uses nothing that is metered")


@dataclass(slots=True)
class _Full:
    """A meter whose limit is reached by whatever comes."""

    asked: bool = False

    def add(self, unit: str, amount: float) -> None:
        """Stop.

        Raises:
            BudgetReachedError: Always.
        """
        self.asked = True
        raise BudgetReachedError(f"the limit of {unit} is reached, {amount} more were asked for")


@dataclass(frozen=True, slots=True)
class _Observed:
    """What one fit and one prediction left behind, named for messages."""

    changed: tuple[str, ...]
    generators: tuple[str, ...]
    process: tuple[str, ...]
    warnings: tuple[str, ...]


_seen: weakref.WeakKeyDictionary[Bench, dict[str, _Observed]] = weakref.WeakKeyDictionary()
"""One fit is watched for everything at once: several checks look at what was seen."""


def _observed(bench: Bench, example: Specimen) -> _Observed:
    """Return what a fit and a prediction of the fresh rows leave behind; made once."""
    notes = _seen.setdefault(bench, {})
    if example.name not in notes:
        given = {"train": example.train, "valid": example.valid, "inputs": example.fresh}
        before = {name: _content(rows) for name, rows in given.items()}
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            generators, process = _generator_states(), _process_state()
            bench.predict(bench.fit(example.train, example.valid), example.fresh.inputs)
            notes[example.name] = _Observed(
                changed=tuple(n for n, rows in given.items() if _content(rows) != before[n]),
                generators=_differences(generators, _generator_states()),
                process=_differences(process, _process_state()),
                warnings=tuple(
                    str(warning.message)
                    for warning in caught
                    if not issubclass(warning.category, DeprecationWarning)
                ),
            )
    return notes[example.name]


def _content(rows: Examples) -> tuple[bytes, bytes, bytes]:
    """Return all that the rows hold, as bytes: an Arrow table that is copied shares its memory."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, rows.inputs.table.schema) as writer:
        writer.write_table(rows.inputs.table)
    return bytes(sink.getvalue()), rows.inputs.ids.tobytes(), rows.targets.tobytes()


def _generator_states() -> dict[str, object]:
    kind, keys, *rest = np.random.get_state()  # noqa: NPY002 - it is what is watched
    return {
        "numpy's global random state": (kind, np.asarray(keys).tobytes(), *rest),
        "the random module's state": random.getstate(),
    }


def _differences(before: dict[str, object], after: dict[str, object]) -> tuple[str, ...]:
    return tuple(name for name, was in before.items() if after[name] != was)


def _process_state() -> dict[str, object]:
    return {
        "the environment": dict(os.environ),
        "the working folder": Path.cwd(),
        "the warning filters": list(warnings.filters),
        "numpy's error state": np.geterr(),
    }


@contextlib.contextmanager
def _moved_home(home: Path) -> Iterator[None]:
    """Make ``home`` the working folder, the home and the place for caches and temporary files."""
    home.mkdir()
    names = ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "TMPDIR", "USERPROFILE")
    saved = {name: os.environ.get(name) for name in names}
    os.environ.update(dict.fromkeys(names, str(home)))
    try:
        with contextlib.chdir(home):
            yield
    finally:
        for name, value in saved.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
