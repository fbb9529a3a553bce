"""Tiny random encoders in folders, made once."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session")
def tiny(tmp_path_factory):
    """Return a function that returns the folder of a tiny encoder, written once."""
    pytest.importorskip("torch")
    pytest.importorskip("transformers")
    from bakeoff.testing.tiny_encoder import tiny_encoder

    folders = {}

    def folder(architecture="bert", seed=0):
        key = (architecture, seed)
        if key not in folders:
            place = tmp_path_factory.mktemp("encoder") / architecture
            folders[key] = tiny_encoder(place, architecture=architecture, seed=seed)
        return folders[key]

    return folder


@pytest.fixture(autouse=True)
def _no_variable(monkeypatch):
    monkeypatch.delenv("BAKEOFF_ENCODER", raising=False)
