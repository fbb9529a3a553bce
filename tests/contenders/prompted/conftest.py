"""A fast, impatient client before a real server on this machine."""

import pytest

pytest.importorskip("httpx")
pytest.importorskip("tenacity")

from bakeoff.contenders.prompted.client import Limits
from bakeoff.models.chat import Ask, Message

CANARY = "sk-canary-d41d8cd98f00b204"


@pytest.fixture(autouse=True)
def canary(monkeypatch):
    """A key in the environment, which must turn up nowhere."""
    monkeypatch.setenv("BAKEOFF_LLM_KEY", CANARY)
    return CANARY


@pytest.fixture(scope="session")
def quick():
    """Limits with short waits."""
    return Limits(
        attempts=12, attempt_s=5.0, deadline_s=20.0, first_wait_s=0.01, longest_wait_s=0.05
    )


@pytest.fixture(scope="session")
def question():
    """Return a function that makes a question of one user message."""

    def question(text, **fields):
        return Ask((Message("user", text),), 20, **fields)

    return question
