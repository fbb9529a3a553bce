"""Tiny random encoders in folders, made once."""

import pytest


@pytest.fixture(scope="session")
def tiny(tmp_path_factory):
    """Return a function: architecture -> folder with a random encoder of it."""
    pytest.importorskip("torch")
    pytest.importorskip("transformers")
    from bakeoff.testing.tiny_encoder import tiny_encoder

    root = tmp_path_factory.mktemp("encoders")
    return lambda architecture: tiny_encoder(root / architecture, architecture=architecture)


@pytest.fixture(autouse=True)
def _no_variable(monkeypatch):
    monkeypatch.delenv("BAKEOFF_ENCODER", raising=False)
