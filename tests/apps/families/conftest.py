"""A record of the families as it would be measured, made in a moment."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session")
def families():
    pytest.importorskip("torch")
    from bakeoff.apps.families import backprop_check, descent, gradients
    from bakeoff.apps.families.architectures import FAMILIES, Architecture, Build, Result
    from bakeoff.apps.families.neighbours import Near
    from bakeoff.apps.families.record import Families, Map, Words

    build = Build(12_345, 12_000, 10, 32, 1, 5.1e6)
    table = [
        Architecture(family, build, Result(0.5 + 0.03 * place, 0.45, 0.97, 3.2, 0.1))
        for place, family in enumerate(FAMILIES)
    ]
    table[1] = Architecture(FAMILIES[1], None, None, "gensim is not installed: pip install <b>")
    tokens = ("[CLS]", "a", "<script>", "[SEP]")
    shares = ((0.7, 0.1, 0.1, 0.1),) * 4
    maps = [Map("minilm", 1, 3, tokens, shares, 2.5), Map("minilm", 6, None, tokens, shares, 2.5)]
    return Families(
        architectures=tuple(table),
        gradients=gradients.measure(steps=2, seeds=1),
        backprop=backprop_check.check(steps=20),
        words=Words(
            (Near("port", "", (("host", 0.8), ("a|b", 0.7))),),
            (Near("port", "Connect to this port.", (("the [port] <i>", 0.9),)),),
            {"port": 0.77},
        ),
        maps=(*maps, Map("transformer", 1, None, tokens, shares, 2.5)),
        curves=descent.descend(steps=20),
        paths=descent.walk(steps=10),
        versions={"python": "3.11.7", "torch": "2.9"},
        seed=0,
        skipped={},
    )
