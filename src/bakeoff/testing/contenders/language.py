"""Checks of language models: probabilities that are shared out once, and never look ahead."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, cast

import numpy as np
import pyarrow as pa

from bakeoff.data.inputs import Inputs
from bakeoff.testing.check import NotTestableError, expect
from bakeoff.testing.contenders.bench import contender_check

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bakeoff.contenders.base import Writer
    from bakeoff.testing.contenders.bench import Bench
    from bakeoff.testing.examples import Specimen

SLACK = 1e-4
"""Of sums of probabilities in float32."""

_LETTERS = " \naegilnorst.,\u00e9\u597d\U0001f600"
_FEW_LETTERS = " aegn"
_LONGEST_CUT = 200
_WRITTEN = 60


@contender_check
def texts_of_one_length_share_a_mass_of_one(bench: Bench) -> None:
    """Different texts of one length exclude each other: their probabilities sum to 1 at most.

    A model that sees what it predicts gives each of them nearly 1.
    """
    for example in bench.texts:
        for length, letters in ((1, _LETTERS), (2, _LETTERS), (4, _FEW_LETTERS)):
            texts = ["".join(chosen) for chosen in itertools.product(letters, repeat=length)]
            mass = float(np.exp(-_nats(bench, example, texts)).sum())
            expect(
                mass <= 1 + SLACK,
                f"{example.name}: {len(texts)} texts of {length} characters have a mass of "
                f"{mass:.4g}; it sees what it predicts, or its probabilities are none",
            )


@contender_check
def what_may_follow_shares_the_mass_of_the_beginning(bench: Bench) -> None:
    """Causality: a beginning is as likely as all that may follow it, whatever that is.

    Were the nats of a beginning moved by what comes after it, the chances of its continuations
    would sum to more than its own (or to less, which harms the model alone).
    """
    _expect_stepwise(bench)
    for example in bench.texts:
        whole = " ".join(example.fresh.targets)[:_LONGEST_CUT]
        for end in (1, 2, 7, 31, 32, 33, 64, 100, len(whole)):
            beginning = whole[:end]
            texts = [beginning, *(beginning + letter for letter in _LETTERS)]
            nats = _nats(bench, example, texts)
            mass = float(np.exp(nats[0] - nats[1:]).sum())
            expect(
                mass <= 1 + SLACK,
                f"{example.name}: after {end} characters, {len(_LETTERS)} of all that may follow "
                f"have a mass of {mass:.4g}: it looks ahead",
            )


@contender_check
def a_text_is_no_likelier_than_its_beginning(bench: Bench) -> None:
    """Every byte more can only make a text rarer."""
    _expect_stepwise(bench)
    for example in bench.texts:
        whole = "".join(example.fresh.targets)[:_LONGEST_CUT]
        nats = _nats(bench, example, [whole[:end] for end in range(len(whole) + 1)])
        expect(abs(nats[0]) <= SLACK, f"the empty text has {nats[0]:.3g} nats, not 0")
        drop = int(np.argmin(np.diff(nats)))
        expect(
            float(np.diff(nats).min()) >= -SLACK * len(whole),
            f"{example.name}: {drop + 1} characters are likelier than {drop}",
        )


@contender_check
def it_writes_as_the_card_says(bench: Bench) -> None:
    """The ability ``"samples"``: a text of the length asked for, the same for the same seed."""
    declared = "samples" in bench.contender.card.abilities
    for example in bench.texts:
        fitted = bench.fitted(example)
        expect(hasattr(fitted, "write") == declared, f"it writes: {not declared}, not as declared")
        if not declared:
            raise NotTestableError("it writes no texts")
        writer = cast("Writer", fitted)
        first, again, other = (writer.write(_WRITTEN, bench.context(seed)) for seed in (0, 0, 1))
        expect(len(first) == _WRITTEN, f"it wrote {len(first)} characters, not {_WRITTEN}")
        expect(first == again, "the same seed wrote another text")
        expect(first != other, "another seed wrote the same text")


def _expect_stepwise(bench: Bench) -> None:
    if "stepwise" not in bench.contender.card.abilities:
        raise NotTestableError("its tokens may change when a text goes on")


def _nats(bench: Bench, example: Specimen, texts: Sequence[str]) -> NDArray[np.float64]:
    (column,) = example.task.inputs
    table = pa.table({column.name: pa.array(texts, pa.large_string())})
    inputs = Inputs(np.arange(len(texts), dtype=np.int64), table, (column,))
    return bench.predict(bench.fitted(example), inputs).nats
