"""A finished comparison in the user's hands: decision, table, page and model."""

from __future__ import annotations

import html
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

from bakeoff.contenders.artefacts import load_model
from bakeoff.core.errors import ArtefactError, RunFolderError, UsageError, did_you_mean
from bakeoff.core.files import write_atomic
from bakeoff.plan.model import Model
from bakeoff.results.analysis import Analysis, Verdict
from bakeoff.results.folder import RunFolder
from bakeoff.results.ledger import Ledger

if TYPE_CHECKING:
    import pandas as pd

    from bakeoff.results.records import Plan


@dataclass(frozen=True, slots=True, repr=False)
class Decision(Verdict):
    """The verdict, which says itself: ``print(result.verdict)``."""

    sentences: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return the decision in a few sentences."""
        return "\n".join(self.sentences)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        from bakeoff.report.visible import visible

        return "".join(f"<p>{html.escape(visible(line))}</p>" for line in self.sentences)


@dataclass(frozen=True, slots=True)
class Result:
    """A finished comparison.

    Example::

        result = bakeoff.compare("reviews.csv", target="label")
        result.leaderboard()
        model = result.best()
        model.predict(frame)
    """

    folder: RunFolder
    plan: Plan
    analysis: Analysis
    failed: tuple[str, ...] = ()
    """Contenders that failed; their reasons are in the leaderboard."""
    unfinished: tuple[str, ...] = ()
    """Contenders that the time limit left no time for; the same call goes on with them."""

    @property
    def verdict(self) -> Decision:
        """The decision: choice, regret, word, what would settle it; printed, it is sentences."""
        from bakeoff.report.case import Case
        from bakeoff.report.sentences import decide
        from bakeoff.report.words import words_for

        verdict = self.analysis.verdict
        said = decide(Case(self.plan, self.analysis, words_for("en", self.plan.task.kind)))
        values = {item.name: getattr(verdict, item.name) for item in fields(Verdict)}
        return Decision(**values, sentences=tuple(said))

    def leaderboard(self) -> pd.DataFrame:
        """Return one row a contender, best first: score with interval, cost, latency, state."""
        import pandas as pd

        rows = []
        for row in self.analysis.rows:
            score = row.score
            rows.append(
                {
                    "contender": row.name,
                    "family": row.family,
                    "state": row.state,
                    self.analysis.metrics[0].name: score.value if score else None,
                    "low": score.low if score else None,
                    "high": score.high if score else None,
                    "tied": row.tied,
                    "choice": row.is_choice,
                    **row.metrics,
                    "dollars_per_1000": row.money.per_1000,
                    "latency_p50_s": row.cost.latency_p50_s,
                    "train_s": row.cost.train_s,
                    "reason": row.reason,
                }
            )
        return pd.DataFrame(rows)

    def report(self, path: str | Path | None = None, *, lang: str = "en") -> Path:
        """Write the decision page and return its path (default: in the run folder).

        Raises:
            UsageError: There are no words in that language.
            StorageError: It cannot be written there.
        """
        # The figures' library is slow to load, and not needed to predict.
        from bakeoff.report.page import render_page

        target = self.folder.report_file if path is None else Path(path)
        write_atomic(target, render_page(self.plan, self.analysis, lang=lang).encode())
        return target

    def best(self, name: str | None = None) -> Model:
        """Return the chosen model (or the named one), fitted on everything but the lockbox.

        Raises:
            UsageError: No contender has this name.
            ArtefactError: It has no model that could be kept (answers, foreign objects).
        """
        return load_best(self.folder, self.analysis, name)

    def __str__(self) -> str:
        """Return the decision and the table as the terminal shows them."""
        from bakeoff.report.terminal import render_terminal

        return render_terminal(self.plan, self.analysis, str(self.folder.report_file))

    __repr__ = __str__

    def _repr_html_(self) -> str:
        table = self.leaderboard().to_html(index=False, escape=True)
        return self.verdict._repr_html_() + table


def open_result(path: str | Path) -> Result:
    """Return a finished comparison from its folder.

    Raises:
        RunFolderError: The folder is no run, or the run is not finished.
    """
    folder = RunFolder(Path(path))
    plan = folder.read_plan()
    analysis = None
    if folder.ledger_file.is_file():
        ledger = Ledger(folder.ledger_file)
        try:
            analysis = ledger.document("analysis", Analysis)
        finally:
            ledger.close()
    if analysis is None:
        raise RunFolderError(
            f"the run in {path} is not finished", fix=f"go on with it: {plan.command}"
        )
    return Result(
        folder,
        plan,
        analysis,
        failed=tuple(row.name for row in analysis.rows if row.state == "failed"),
        unfinished=tuple(row.name for row in analysis.rows if row.state == "unfinished"),
    )


def open_model(path: str | Path, name: str | None = None) -> Model:
    """Return a model: of a run folder the chosen one (or the named), else the saved model itself.

    Raises:
        RunFolderError: The folder is neither a model nor a finished run.
        UsageError: No contender of the run has this name.
        ArtefactError: The model does not fit its hashes.
    """
    folder = Path(path)
    if (folder / "model.json").is_file():
        return Model(load_model(folder))
    return open_result(folder).best(name)


def load_best(folder: RunFolder, analysis: Analysis, name: str | None) -> Model:
    """Return the shipped model of the choice, or of a named contender.

    Raises:
        UsageError: No contender has this name.
        ArtefactError: It has no model, or the model does not fit its hashes.
    """
    names = [row.name for row in analysis.rows]
    if name is not None and name not in names:
        raise UsageError(f"no contender '{name}' in this run", fix=did_you_mean(name, names))
    verdict = analysis.verdict
    wanted = verdict.shipped if name in (None, verdict.choice) else name
    place = folder.model(wanted)
    if not (place / "model.json").is_file():
        raise _no_model(folder, analysis, wanted, chosen=wanted == verdict.shipped)
    return Model(load_model(place))


def _no_model(folder: RunFolder, analysis: Analysis, wanted: str, *, chosen: bool) -> ArtefactError:
    row = next(row for row in analysis.rows if row.name == wanted)
    variants = [other.name for other in analysis.rows if other.variant_of == wanted]
    if row.family == "answers":
        why = "its answers were made elsewhere: ask there, and they cost what they cost"
    elif variants:
        why = "it stands for several settings, each with a model of its own"
    elif row.state != "done":
        why = f"it is {row.state}" + (f": {row.reason}" if row.reason else "")
    else:
        why = "it can be kept in no safe form (only JSON, safetensors and the like are)"
    kept = [
        other.name
        for other in analysis.rows
        if not other.baseline and (folder.model(other.name) / "model.json").is_file()
    ]
    others = [other for other in kept if other in variants] or kept
    return ArtefactError(
        f"'{wanted}'{', the choice,' if chosen else ''} has no model to load",
        why=why,
        fix=f"name another one (--model, best(name)): {', '.join(others[:5])}" if others else "",
    )
