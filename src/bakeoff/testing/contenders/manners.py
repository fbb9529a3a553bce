"""Checks of manners: what a contender leaves as it found it."""

from __future__ import annotations

import contextlib
import copy
import os
import random
import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bakeoff.contenders.artefacts import save_model
from bakeoff.core.errors import ArtefactError, BudgetReachedError
from bakeoff.testing.check import NotTestableError, expect
from bakeoff.testing.contenders.bench import contender_check
from bakeoff.testing.contenders.compare import expect_same
from bakeoff.testing.watch import written_paths

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from bakeoff.tasks.examples import Examples
    from bakeoff.testing.contenders.bench import Bench


@contender_check
def what_it_is_given_stays_as_it_is(bench: Bench) -> None:
    """Neither fit nor predict changes the rows of others."""
    for example in bench.main:
        rows = (example.train, example.valid, example.fresh)
        before = [_copied(part) for part in rows]
        fitted = bench.fit(example.train, example.valid)
        bench.predict(fitted, example.fresh.inputs)
        for name, part, was in zip(("train", "valid", "inputs"), rows, before, strict=True):
            table, ids, targets = was
            expect(part.inputs.table.equals(table), f"{name}: a cell of the table was changed")
            expect(np.array_equal(part.inputs.ids, ids), f"{name}: an id was changed")
            expect(np.array_equal(part.targets, targets), f"{name}: a target was changed")


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
        legacy = np.random.get_state()  # noqa: NPY002 - it is what is watched
        plain = random.getstate()
        bench.predict(bench.fit(example.train, example.valid), example.fresh.inputs)
        after = np.random.get_state()  # noqa: NPY002 - it is what is watched
        same = all(np.array_equal(a, b) for a, b in zip(legacy, after, strict=True))
        expect(same, "numpy's global random state was used; make a generator from context.seed")
        expect(random.getstate() == plain, "the random module's state was used")


@contender_check
def the_process_is_left_alone(bench: Bench) -> None:
    """Environment, working folder, warning filters and numpy's error state stay as they were."""
    example = bench.main[0]
    before = _process_state()
    bench.predict(bench.fit(example.train, example.valid), example.fresh.inputs)
    for name, was in before.items():
        expect(_process_state()[name] == was, f"it changes {name} of the whole process")


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
    for example in bench.main:
        fitted = bench.contender.fit(example.train, example.valid, bench.context(threads=2))
        got = fitted.predict(example.fresh.inputs, bench.context(threads=2))
        wanted = bench.predict(bench.fitted(example), example.fresh.inputs)
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


@contender_check
def it_warns_of_nothing(bench: Bench) -> None:
    """Ordinary rows raise no warning that a user would have to understand."""
    for example in bench.main:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            bench.predict(bench.fit(example.train, example.valid), example.fresh.inputs)
        shown = [w for w in caught if not issubclass(w.category, DeprecationWarning)]
        expect(not shown, f"it warns: {shown[0].message if shown else ''}")


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


def _copied(rows: Examples) -> tuple[object, NDArray[np.int64], NDArray[Any]]:
    import pyarrow as pa

    # Through bytes: an Arrow table that is only copied shares its memory.
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, rows.inputs.table.schema) as writer:
        writer.write_table(rows.inputs.table)
    table = pa.ipc.open_stream(bytes(sink.getvalue())).read_all()
    return table, rows.inputs.ids.copy(), copy.deepcopy(rows.targets)


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
