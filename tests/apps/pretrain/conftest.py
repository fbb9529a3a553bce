"""A small text, and settings with which a model is pre-trained on it in a second."""

import pytest

from bakeoff.core.extras import is_installed

collect_ignore_glob = [] if is_installed("torch") else ["test_*.py"]

THINGS, WORDS = ("food", "room", "phone", "hotel"), ("great", "sad", "fine", "poor")
SMALL = {
    "vocabulary": 300,
    "layers": 1,
    "width": 16,
    "heads": 1,
    "length": 16,
    "dropout": 0.1,
    "epochs": 2,
    "batch_rows": 8,
    "held_out": 0.2,
    "precision": "fp32",
}


@pytest.fixture(scope="session")
def text(tmp_path_factory):
    """Return a text file of 160 lines."""
    path = tmp_path_factory.mktemp("text") / "text.txt"
    lines = [f"the {thing} is {word} and so it was {n}" for n in range(10)
             for thing in THINGS for word in WORDS]  # fmt: skip
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def settings(text):
    """Return a function that makes settings on that text."""
    from bakeoff.apps.pretrain.settings import Settings

    def make(objective="clm", sources=None, **changes):
        return Settings(sources or (str(text),), objective, **{**SMALL, **changes})

    return make
