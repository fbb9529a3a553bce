"""The seam: everything that competes is a `Contender` whose `fit` returns a `Fitted`.

To add one, write one file with a frozen dataclass that derives `Contender`, its fitted state as a
class that derives `Fitted`, and one line in `contenders/registry.py` (or an entry point in
the group ``bakeoff.contenders`` of your own package). ``docs/add-a-contender.md`` shows it.
"""

from __future__ import annotations

import contextlib
from abc import ABC, abstractmethod
from dataclasses import MISSING, dataclass, fields
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, get_args, get_type_hints

from bakeoff.core.errors import ContenderError, UsageError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from bakeoff.core.store import Store
    from bakeoff.data.columns import ColumnType
    from bakeoff.data.inputs import Inputs
    from bakeoff.tasks.examples import Examples
    from bakeoff.tasks.predictions import Predictions
    from bakeoff.tasks.spec import TaskSpec


@dataclass(frozen=True, slots=True)
class Card:
    """What a contender is and can do; declared beside its code, tested by `bakeoff.testing`.

    Args:
        name: Registry name.
        family: Folder it lives in: ``"baselines"``, ``"ngram"``, ...
        summary: One line for ``bakeoff list`` and the report.
        kinds: Kinds of task it can do.
        reads: Types of input columns that it uses; columns of other types are left unread, which
            the plan says.
        needs: At least one input column must have one of these types (empty: none is needed).
        abilities: Of ``"probabilities"``, ``"confidence"``, ``"update"``, ``"fit_many"``,
            ``"torch"``, ``"onnx"``, ``"score"``, ``"soft_targets"`` (it learns from
            `Examples.soft` where it is given); of language models ``"samples"`` (its fitted form
            is a `Writer`) and ``"stepwise"`` (the nats of a text are those of any beginning of it
            and of what follows, so that a changed ending leaves the beginning's).
        extras: Extras of this project that it needs, beside the core.
        learns: Whether ``fit`` learns from the labels; if not, it makes one pass: no folds.
        hosted: Of one that does not learn: whether it is a model that runs here all the same, so
            that it is kept, measured and charged for machine time as a trained one is.
        deterministic: Whether the seed changes nothing, so that one seed is enough.
        isolate: Whether it needs a worker process of its own.
        rank: How dear it is, from 0; cells run in this order, cheap ones first.
        licence: Licence of the method's code or weights.
        source: Paper or page that the method comes from.
        title: As a table shows it, for example ``"TF-IDF + linear"``; default: the name.
        seconds_per_1000: CPU-seconds of a fit on 1,000 rows (texts of 100 characters,
            pictures of 32 x 32) on a usual
            core, roughly: the plan's estimate of time is made from it.
        pretrained: Whether it sets out from weights that were learned elsewhere, on data that may
            hold these rows: the page says so.
        primed: Of one that does not learn: whether it uses the rows that ``fit`` is given (as
            examples, or to choose its words), so that it is not judged on these.
        metered: Of one that does not learn: whether each call is paid for, so that it is asked on
            at most 500 rows (unless the user wants all) in a fixed random order, some at a time.
            Its ``Predictions.usage`` counts ``"SOURCE/prompt_tokens"`` and
            ``"SOURCE/completion_tokens"``, SOURCE being ``NAME:ARGUMENT``; its calls tell
            ``context.meter`` the same units, and ``"calls"`` before each call.
    """

    name: str
    family: str
    summary: str
    kinds: frozenset[str]
    reads: frozenset[ColumnType] = frozenset()
    needs: frozenset[ColumnType] = frozenset()
    abilities: frozenset[str] = frozenset()
    extras: tuple[str, ...] = ()
    learns: bool = True
    hosted: bool = False
    deterministic: bool = True
    isolate: bool = False
    rank: int = 5
    licence: str = "Apache-2.0"
    source: str = ""
    title: str = ""
    seconds_per_1000: float = 1.0
    pretrained: bool = False
    primed: bool = False
    metered: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What a fitted model is, as far as it knows; None where nobody can say.

    Args:
        parameters: Number of weights that a prediction uses, frozen ones included.
        trained_parameters: Number of them that were learned here.
        flops_per_row: Floating-point operations of one prediction on a row of usual length, as
            counted on a few training rows (a multiply-add counts as two).
        model_bytes: Bytes that serving it needs, weights that are kept elsewhere included.
    """

    parameters: int | None = None
    trained_parameters: int | None = None
    flops_per_row: float | None = None
    model_bytes: int | None = None


Range = tuple[float, float, float]
"""A low, an expected and a high estimate."""


@dataclass(frozen=True, slots=True)
class Calls:
    """What a metered contender would ask, estimated before anything is asked.

    Args:
        calls: Questions: those that choose the prompt, and one for each row.
        prompt_tokens: Of all of them together.
        completion_tokens: Of all answers together.
        prompts: The words that are tried, each as it stands around the first row.
    """

    calls: int
    prompt_tokens: Range
    completion_tokens: Range
    prompts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Budget:
    """How much a fit may do, in counts; None means the contender's own default.

    Clocks never decide where a fit ends, or resuming could not equal the plain path.
    """

    epochs: int | None = None
    steps: int | None = None
    trials: int | None = None
    calls: int | None = None


class Meter(Protocol):
    """Counts what is used and stops at the limit."""

    def add(self, unit: str, amount: float) -> None:
        """Count ``amount`` of ``unit`` (``"calls"``, ``"tokens"``, ``"fits"``, ...).

        Raises:
            BudgetReachedError: The limit of this unit is reached.
        """


@dataclass(frozen=True, slots=True)
class Context:
    """What the runner lends to a contender; made by `bakeoff.testing.context` in a script.

    Args:
        budget: In counts, fixed in the plan.
        seed: For everything random in this call.
        device: ``"auto"`` (the best there is), ``"cpu"`` or another torch device.
        threads: Threads that this call may use.
        scratch: Folder of this call alone; nothing may be written elsewhere. A cell that is done
            again after a kill finds there what it had left: checkpoints of the same fit.
        features: Store for transforms of rows, keyed by content + model + settings (and by the
            training rows, where the transform is fitted).
        answers: Store for answers that were paid for.
        meter: Counts calls and tokens.
        score: ``score(predictions, rows)``: the primary metric, larger is better whatever the
            metric (errors come negated), of rows that the contender already holds.
        fit: ``fit(part, train, valid)``: fits another contender, memoised; for combined ones.
        log: Takes one line of progress.
        note: Takes one line that a reader of the result must know (a fit that was done again at a
            lower rate, a smaller batch): it is recorded with the cell and shown on the page.
        unlabelled: Rows of the user's that have no label, and stand among no rows that judge; ids
            of their own. None: there are none.
    """

    budget: Budget
    seed: int
    device: str
    threads: int
    scratch: Path
    features: Store
    answers: Store
    meter: Meter
    score: Callable[[Predictions, Examples], float]
    fit: Callable[[Contender, Examples, Examples | None], Fitted]
    log: Callable[[str], None]
    note: Callable[[str], None]
    unlabelled: Inputs | None = None


class Fitted(ABC):
    """What a contender has learned.

    The runner calls `predict` any number of times, in chunks or for single rows, in any order,
    possibly from several threads; a row's prediction may depend on nothing but that row. `save`
    is called once, into an empty folder.
    """

    @abstractmethod
    def predict(self, inputs: Inputs, context: Context) -> Predictions:
        """Return one prediction for each example, in the order of ``inputs``.

        Args:
            inputs: ``n`` examples (``n`` may be 0) with the columns seen in ``fit``; no label.
            context: Of this call; a fitted object keeps none.
        """

    @abstractmethod
    def save(self, folder: Path) -> None:
        """Write the state as safetensors, JSON, Arrow, ONNX or plain text; never a pickle.

        Raises:
            ArtefactError: The state can be kept in no such form ("cannot be shipped").
        """

    def facts(self) -> Facts:
        """Return the model's size and the work of a prediction, where it knows them."""
        return Facts()


class Writer(Protocol):
    """A fitted language model that can write: the ability ``"samples"``."""

    def write(self, characters: int, context: Context) -> str:
        """Return a text of its own of so many characters, drawn by ``context.seed``."""


@dataclass(frozen=True)
class Contender(ABC):
    """A recipe that can learn: a family with settings, and no learned state.

    Subclasses are frozen dataclasses whose fields are their settings (numbers, strings, booleans
    or other contenders). The runner calls `refuses` while planning, `fit` once for each cell, and
    `load` when a saved model is used. Think twice before adding a method here.
    """

    card: ClassVar[Card]
    unsaid: ClassVar[frozenset[str]] = frozenset()
    """Settings that a table's title leaves out: how patiently it is asked, or tried beforehand."""
    bounds_calls: ClassVar[bool] = False
    """Of a combination: whether its settings bound how often a fit asks a part that is paid for by
    the call (`calls` says how often). If not, it is lent the answers of that part's own pass."""

    @property
    def lent(self) -> tuple[Contender, ...]:
        """The parts that are paid for by the call, and whose recorded answers are lent to it."""
        return () if self.bounds_calls else tuple(p for p in self.parts() if p.card.metered)

    @abstractmethod
    def fit(self, train: Examples, valid: Examples | None, context: Context) -> Fitted:
        """Learn from ``train``.

        Args:
            train: Never empty; a class of ``train.task.classes`` may be absent.
            valid: Ten per cent of the fold, or the official dev split: for early stopping and
                choices; a contender that needs neither learns from both. May be None.
            context: Budget, seed, threads and stores of this call.

        Raises:
            ContenderError: It cannot be done with these rows; the reason becomes its row.
        """

    def update(
        self, fitted: Fitted, train: Examples, valid: Examples | None, context: Context
    ) -> Fitted:
        """Go on from a fitted model with more rows, which leave ``fitted`` as it is.

        Written by those whose card has the ability ``"update"``; `bakeoff update` calls it.

        Args:
            fitted: What `fit` or `load` of a contender of this name returned.
            train: The rows to go on with: new ones, and a share of old ones where they are known.
            valid: More new rows, for early stopping and choices, or None.
            context: Of this call.

        Raises:
            ContenderError: It cannot go on.
        """
        del fitted, train, valid, context
        raise ContenderError(f"'{self.name}' cannot go on from a fitted model: train it again")

    @abstractmethod
    def load(self, folder: Path, task: TaskSpec) -> Fitted:
        """Read back what `Fitted.save` wrote; hashes were verified before this is called."""

    @property
    def name(self) -> str:
        """The spec string that makes this contender again, for example ``"ngram-linear@C=1"``."""
        suffix = "".join(f"@{key}={value}" for key, value in self.changed_settings().items())
        argument = self.argument()
        return self.card.name + suffix + (f":{argument}" if argument else "")

    @classmethod
    def from_spec(
        cls,
        argument: str,
        settings: Mapping[str, str],
        make: Callable[[str], Contender],
    ) -> Contender:
        """Make the contender from the pieces of a spec string (see `contenders.registry`).

        A contender whose spec has an argument overrides this and `argument`; ``make`` turns the
        spec of a part into a contender.

        Raises:
            UsageError: A setting is unknown or has the wrong type, or no argument is taken.
        """
        del make
        if argument:
            raise UsageError(f"'{cls.card.name}' takes no argument, got ':{argument}'")
        return cls(**parse_settings(cls, settings))

    def argument(self) -> str:
        """Return what stands after the colon in the spec string."""
        return ""

    def title(self) -> str:
        """Return what tables call it, its settings and parts left out."""
        argument = self.argument()
        return (self.card.title or self.card.name) + (f": {argument}" if argument else "")

    def refuses(self, task: TaskSpec) -> str | None:
        """Return why this contender cannot do the task, or None if it can."""
        if task.kind not in self.card.kinds:
            able = ", ".join(sorted(self.card.kinds))
            return f"it does {able}, not {task.kind}"
        types = {column.type for column in task.inputs}
        if self.card.needs and not types & self.card.needs:
            needed = " or ".join(sorted(self.card.needs))
            got = ", ".join(sorted(types))
            return f"it needs a column of type {needed}, and the inputs are {got}"
        return None

    def columns(self) -> tuple[str, ...]:
        """Return columns that it reads beside the task's inputs (only `answers:` does)."""
        return ()

    def predict_columns(self) -> tuple[str, ...]:
        """Return those of `columns` that a fitted model still reads: all, unless it says."""
        return self.columns()

    def parts(self) -> tuple[Contender, ...]:
        """Return the contenders that it combines (none, unless it is in ``combined/``)."""
        return ()

    def files(self) -> tuple[str, ...]:
        """Return paths of files of the user's that decide what it does; the plan hashes them."""
        return ()

    def calls(self, train: Examples, asked: Inputs) -> Calls | None:
        """Return what it would ask elsewhere, estimated; None: nothing.

        Args:
            train: The rows that `fit` would be given.
            asked: The rows that it would predict.
        """
        del train, asked
        return None

    def fit_seconds(self, rows: int) -> float:
        """Return the CPU-seconds that a fit takes, roughly; parts not included.

        A contender whose settings change the work (epochs, a cap on rows) overrides this.
        """
        return self.card.seconds_per_1000 * rows / 1000

    def settings(self) -> dict[str, str | int | float | bool | None]:
        """Return all settings that are plain values."""
        values = {item.name: getattr(self, item.name) for item in fields(self) if item.init}
        return {k: v for k, v in values.items() if isinstance(v, str | int | float | None)}

    def changed_settings(self) -> dict[str, str | int | float | bool | None]:
        """Return the plain settings that differ from their defaults."""
        defaults = {item.name: item.default for item in fields(self)}
        return {
            key: value
            for key, value in self.settings().items()
            if defaults[key] is not MISSING and value != defaults[key]
        }


def parse_settings(contender: type[Contender], settings: Mapping[str, str]) -> dict[str, Any]:
    """Read settings written as text, by the types of the contender's fields.

    Raises:
        UsageError: A setting is unknown (the nearest is shown) or cannot be read as its type.
    """
    hints = get_type_hints(contender)
    known = {item.name for item in fields(contender) if item.init}
    parsed: dict[str, Any] = {}
    for key, text in settings.items():
        if key not in known:
            name = contender.card.name
            raise UsageError(f"'{name}' has no setting '{key}'", fix=did_you_mean(key, known))
        parsed[key] = _parse_value(key, text, hints[key])
    return parsed


def _parse_value(key: str, text: str, hint: Any) -> str | int | float | bool | None:
    allowed = get_args(hint) or (hint,)
    if text == "None" and type(None) in allowed:
        return None
    if bool in allowed and text.lower() in ("true", "false"):
        return text.lower() == "true"
    for kind in (int, float):
        if kind in allowed:
            with contextlib.suppress(ValueError):
                return kind(text)
    if str in allowed:
        return text
    names = " or ".join(kind.__name__ for kind in allowed)
    raise UsageError(f"the setting {key}={text} cannot be read", why=f"it must be {names}")
