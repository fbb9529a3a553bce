from __future__ import annotations

from dataclasses import replace

import pytest

from bakeoff.contenders.combined.spaces import SPACES, space_of
from bakeoff.contenders.registry import make_contender
from bakeoff.tuning.random_search import random_settings


@pytest.mark.parametrize("name", sorted(SPACES))
def test_every_listed_setting_exists_and_can_be_made_again(name):
    contender = make_contender(name)
    for settings in random_settings(space_of(contender), trials=5, seed=0):
        tried = replace(contender, **settings)
        assert make_contender(tried.name) == tried
