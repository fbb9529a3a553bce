"""One update from its files to its record: learn, judge, keep."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from bakeoff.contenders.artefacts import save_model
from bakeoff.contenders.registry import CONTENDERS
from bakeoff.core.errors import DataError, UsageError
from bakeoff.core.files import write_atomic
from bakeoff.metrics.registry import load_metric
from bakeoff.plan.model import prediction_context
from bakeoff.plan.result import open_model, open_result
from bakeoff.plan.update.judged import advice, change
from bakeoff.plan.update.rows import (
    divide_new,
    draw_replay,
    old_of_file,
    old_of_run,
    read_labelled,
    without_rows,
)
from bakeoff.results.codec import to_json
from bakeoff.results.ledger import Ledger
from bakeoff.results.update import UpdateRecord
from bakeoff.tasks.examples import Examples

if TYPE_CHECKING:
    from bakeoff.contenders.artefacts import SavedModel
    from bakeoff.contenders.base import Context, Fitted
    from bakeoff.plan.result import Result
    from bakeoff.plan.update.rows import OldRows
    from bakeoff.results.update import Change

POINTS = 0.01
ABILITY = "update"
FEWEST_JUDGED = 2

_FLAW_OF_FILE = (
    "the model may have learned from the old rows that judge it, so its score on them before, and "
    "with it the loss, may look larger than they are"
)


@dataclass(frozen=True, slots=True)
class UpdateRequest:
    """What the user asks for.

    Args:
        place: A run folder, or the folder of a saved model.
        source: The new rows.
        model: Of a run: another contender than the chosen one.
        target: Column of the labels; None: as in training.
        old: A file of old rows, in place of the run's.
        out: Folder of the updated model; None: beside the old one.
        replay: Share of old rows among those that are learned from, where old rows are known.
        judge: Share of the new rows that are held out.
        rope: A difference that does not matter, in the metric's unit; None: as in a run.
        seed: Of everything random.
        device: Where nets run.
    """

    place: str
    source: str
    model: str | None = None
    target: str | None = None
    old: str | None = None
    out: str | None = None
    replay: float = 0.5
    judge: float = 0.3
    rope: float | None = None
    seed: int = 0
    device: str = "auto"


@dataclass(frozen=True, slots=True)
class _Rows:
    """New rows to learn from, for early stopping and to judge by; old ones to learn from again."""

    learn: Examples
    valid: Examples | None
    judged: Examples
    replay: Examples | None
    old: OldRows | None
    left_out: int


def update_model(request: UpdateRequest) -> UpdateRecord:
    """Let a saved model go on with new rows; write it with a record of what that changed.

    Raises:
        UserError: Anything that the user can mend; see `core.errors`.
    """
    _check(request)
    result = None if (Path(request.place) / "model.json").is_file() else open_result(request.place)
    saved = open_model(request.place, request.model).saved
    contender, task = saved.contender, saved.task
    _refuse_unable(saved)
    out = Path(request.out) if request.out else _beside(request, saved)
    if out.exists() and any(out.iterdir()):
        raise UsageError(f"{out} is there already", where="--out", fix="name another folder")
    rows = _rows(request, saved, result)
    notes: list[str] = []
    with prediction_context() as quiet:
        context = replace(quiet, seed=request.seed, device=request.device, note=notes.append)
        train = Examples.concatenate(rows.learn, rows.replay)
        fitted = contender.update(saved.fitted, train, rows.valid, context)
        openings = _count_opening(result, rows.old, saved)
        new = _change(rows.judged, saved.fitted, fitted, context, request)
        old = None
        if rows.old is not None:
            old = _change(rows.old.judged, saved.fitted, fitted, context, request)
    if rows.old is not None and rows.old.origin == "file":
        notes.append(_FLAW_OF_FILE)
    take, sentence = advice(new, old)
    record = UpdateRecord(
        contender=contender.name,
        metric=task.primary,
        percent=load_metric(task.primary).percent,
        source=request.source,
        new_rows=len(rows.learn) + (0 if rows.valid is None else len(rows.valid)),
        replayed_rows=len(train) - len(rows.learn),
        left_out=rows.left_out,
        new=new,
        old=old,
        old_origin="" if rows.old is None else rows.old.origin,
        openings=openings,
        take=take,
        sentence=sentence,
        notes=tuple(dict.fromkeys(notes)),
        folder=str(out),
    )
    save_model(contender, task, fitted, out)
    write_atomic(out / "update.json", to_json(record).encode())
    return record


def _rows(request: UpdateRequest, saved: SavedModel, result: Result | None) -> _Rows:
    """Return all rows of the update, each in one place only.

    Raises:
        DataError: None are left to learn from, or to judge by.
    """
    contender, task = saved.contender, saved.task
    target = request.target or task.target
    given, dataset, blank = read_labelled(request.source, task, contender, target)
    new = divide_new(given, dataset, judge_share=request.judge, seed=request.seed)
    old = _old_rows(request, saved, result)
    # What the model learned from before would judge it too kindly, and the update too hard.
    judged = new.judged if old is None else without_rows(new.judged, [old.replay])
    apart = [judged, *([] if old is None else [old.judged])]
    learn = without_rows(new.train, apart)
    valid = None if new.valid is None else without_rows(new.valid, apart)
    if not len(learn) or len(judged) < FEWEST_JUDGED:
        raise DataError(
            f"{len(learn):,} new rows are left to learn from, and {len(judged):,} to judge by",
            where=request.source,
            why="rows that the model knows, or is judged on, already were left out",
            fix="give more rows that are new",
        )
    replay = None
    if old is not None and request.replay:
        again = without_rows(old.replay, apart)
        replay = draw_replay(again, len(learn), request.replay, request.seed)
    used = len(learn) + len(judged) + (0 if valid is None else len(valid))
    return _Rows(
        learn=learn,
        valid=valid if valid is not None and len(valid) else None,
        judged=judged,
        replay=replay,
        old=old,
        left_out=blank + len(given) - used,
    )


def _check(request: UpdateRequest) -> None:
    if not 0 <= request.replay < 1:
        raise UsageError(f"--replay {request.replay}", why="a share is from 0 to below 1")
    if not 0 < request.judge < 1:
        raise UsageError(f"--judge {request.judge}", why="a share is above 0 and below 1")


def _refuse_unable(saved: SavedModel) -> None:
    """Refuse a model that cannot go on, with those that can.

    Raises:
        UsageError: Its contender lacks the ability.
    """
    if ABILITY in saved.contender.card.abilities:
        return
    able = [n for n in CONTENDERS.names() if ABILITY in CONTENDERS.load(n).card.abilities]
    raise UsageError(
        f"'{saved.contender.name}' cannot go on from a fitted model",
        why="these can: " + ", ".join(able),
        fix="name one of them with --model, or run the comparison again on old and new rows",
    )


def _beside(request: UpdateRequest, saved: SavedModel) -> Path:
    place = Path(request.place)
    if (place / "model.json").is_file():
        return place.with_name(place.name + "-updated")
    return place / "updated" / saved.contender.card.name


def _old_rows(request: UpdateRequest, saved: SavedModel, result: Result | None) -> OldRows | None:
    if request.old is not None:
        return old_of_file(request.old, saved.task, saved.contender, request.seed)
    if result is None:
        return None
    return old_of_run(result.folder, result.plan, saved.task, saved.contender)


def _count_opening(result: Result | None, old: OldRows | None, saved: SavedModel) -> int:
    """Count that the old run's lockbox is opened, before it is; return how often that was so."""
    if result is None or old is None or old.origin != "lockbox":
        return 0
    ledger = Ledger(result.folder.ledger_file)
    try:
        ledger.record_opening(f"{saved.contender.name}, updated")
        return len(ledger.openings())
    finally:
        ledger.close()


def _change(
    rows: Examples, before: Fitted, after: Fitted, context: Context, request: UpdateRequest
) -> Change:
    rope = request.rope
    percent = load_metric(rows.task.primary).percent
    if rope is None:
        rope = POINTS if percent else None
    elif percent:
        rope *= POINTS
    said = [fitted.predict(rows.inputs, context) for fitted in (before, after)]
    return change(rows, said[0], said[1], rope, request.seed)
