"""All that the page shows, in one record, and how it is made: by running the parts in turn."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from bakeoff.apps.families import (
    attention,
    backprop_check,
    descent,
    gradients,
    neighbours,
    race,
    rows,
)
from bakeoff.apps.families.architectures import Architecture  # noqa: TC001 - JSON is read by it
from bakeoff.apps.families.backprop_check import BackpropCheck  # noqa: TC001 - as above
from bakeoff.apps.families.descent import Curve, Path  # noqa: TC001 - as above
from bakeoff.apps.families.gradients import Gradients  # noqa: TC001 - as above
from bakeoff.apps.families.neighbours import Near  # noqa: TC001 - as above
from bakeoff.core.errors import UserError
from bakeoff.training.seeds import pinned_threads

if TYPE_CHECKING:
    from collections.abc import Callable

_PACKAGES = ("torch", "transformers", "gensim", "scikit-learn", "numpy")
MAPS = 3
"""Maps of attention that are shown of the pretrained encoder; of the small Transformer all."""


@dataclass(frozen=True, slots=True)
class Map:
    """One map of attention.

    Args:
        model: ``"minilm"`` or ``"transformer"``.
        layer: From 1.
        head: From 1; None: the mean over the layer's heads.
        tokens: ``length`` tokens.
        shares: ``length`` rows of ``length`` shares that sum to 1.
        spread: How many tokens a token looks at (exponential of the entropy).
    """

    model: str
    layer: int
    head: int | None
    tokens: tuple[str, ...]
    shares: tuple[tuple[float, ...], ...]
    spread: float


@dataclass(frozen=True, slots=True)
class Words:
    """Neighbours in both kinds of vectors.

    Args:
        word2vec: One list a word; empty where gensim is missing.
        occurrences: One list an occurrence.
        cosines: Word -> cosine of its two occurrences.
        reason: Why there is no Word2Vec, if there is none.
    """

    word2vec: tuple[Near, ...]
    occurrences: tuple[Near, ...]
    cosines: dict[str, float]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Families:
    """What was measured.

    Args:
        architectures: The table.
        gradients: By time step.
        backprop: The four steps against autograd.
        words: Neighbours; None where the pretrained encoder is missing.
        maps: Of attention.
        curves: Of optimisers.
        paths: Of optimisers in a valley.
        versions: Package -> version.
        seed: Of everything random.
        skipped: Part -> why it is not there.
    """

    architectures: tuple[Architecture, ...]
    gradients: Gradients
    backprop: BackpropCheck
    words: Words | None
    maps: tuple[Map, ...]
    curves: tuple[Curve, ...]
    paths: tuple[Path, ...]
    versions: dict[str, str]
    seed: int
    skipped: dict[str, str]


def measure(*, seed: int = 0, log: Callable[[str], None] = lambda _line: None) -> Families:
    """Run all parts, one after the other, on one thread.

    Args:
        seed: Of everything random.
        log: Takes one line of progress.
    """
    texts, areas = rows.read_docstrings()
    skipped: dict[str, str] = {}
    with pinned_threads(1):
        table, models = race.run(race.make_sets(texts, areas, seed=seed), seed=seed, log=log)
        maps: list[Map] = []
        if "transformer" in models:
            maps += _maps("transformer", attention.own_looks(models["transformer"]), sharp=False)
        words = None
        try:
            log("MiniLM in context")
            maps = _maps("minilm", attention.encoder_looks(), sharp=True) + maps
            words = _words(texts, seed)
        except UserError as error:
            skipped["minilm"] = " ".join(str(error).split())
        log("gradients")
        flows = gradients.measure()
        log("optimisers")
        curves, paths = descent.descend(seed=seed), descent.walk()
        check = backprop_check.check(seed=seed)
    return Families(
        architectures=tuple(table),
        gradients=flows,
        backprop=check,
        words=words,
        maps=tuple(maps),
        curves=curves,
        paths=paths,
        versions=_versions(),
        seed=seed,
        skipped=skipped,
    )


def _words(texts: list[str], seed: int) -> Words:
    occurrences, cosines = neighbours.occurrence_neighbours(texts), neighbours.sense_cosines()
    try:
        return Words(neighbours.word2vec_neighbours(texts, seed=seed), occurrences, cosines)
    except UserError as error:
        return Words((), occurrences, cosines, " ".join(str(error).split()))


def _maps(model: str, looks: attention.Looks, *, sharp: bool) -> list[Map]:
    """Return the mean map of the last layer (of all, if there are few) and the sharpest heads."""
    spread, means = looks.spread(), looks.means
    layers = [len(means) - 1] if sharp else list(range(len(means)))

    def one(layer: int, head: int | None, values: list[list[float]], wide: float) -> Map:
        shares = tuple(tuple(round(float(value), 4) for value in row) for row in values)
        return Map(model, layer + 1, head, looks.tokens, shares, wide)

    found = [
        one(layer, head + 1, looks.shares[layer, head].tolist(), wide)
        for layer, head, wide in (looks.sharpest(MAPS - 1) if sharp else [])
    ]
    return found + [
        one(layer, None, means[layer].tolist(), float(spread[layer])) for layer in layers
    ]


def _versions() -> dict[str, str]:
    found = {"python": sys.version.split()[0]}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
