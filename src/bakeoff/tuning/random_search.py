"""Random search: settings drawn independently from their space.

Bergstra and Bengio (2012), "Random search for hyper-parameter optimization", JMLR 13: where few
settings matter, random draws find good ones sooner than a grid of the same size.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bakeoff.core.seeds import generator

if TYPE_CHECKING:
    from bakeoff.tuning.space import Space, Value

_DRAWS_PER_TRIAL = 20


def random_settings(space: Space, trials: int, seed: int) -> list[dict[str, Value]]:
    """Return at most ``trials`` different settings; fewer where the space holds no more.

    The first is empty: the contender as it is competes too, so tuning is never a step back on
    the rows that it is judged by.
    """
    rng = generator(seed, "random search")
    found: list[dict[str, Value]] = [{}]
    for _ in range(_DRAWS_PER_TRIAL * trials):
        if len(found) >= trials:
            break
        drawn = {name: space[name].draw(rng) for name in sorted(space)}
        if drawn not in found:
            found.append(drawn)
    return found[:trials]
