import os
from pathlib import Path

import pytest


@pytest.fixture
def real_data() -> Path:
    """The folder of real data sets, or a skip."""
    named = os.environ.get("BAKEOFF_DATA")
    if not named:
        pytest.skip("BAKEOFF_DATA names no folder of data sets")
    return Path(named)
