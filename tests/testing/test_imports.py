from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("torch", "sklearn", "pandas", "matplotlib", "lightgbm", "gensim", "scipy.stats", "PIL")


@pytest.mark.parametrize(
    "code",
    [
        "from bakeoff.contenders.registry import CONTENDERS; assert len(CONTENDERS.names()) > 5",
        "import bakeoff.testing",
        "from bakeoff.contenders import registry; registry.make_contender('tuned:majority')",
    ],
    ids=["listing contenders", "the checks", "making a combination"],
)
def test_no_heavy_module_is_loaded_by(code):
    probe = f"import sys; {code}; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
