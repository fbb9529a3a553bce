"""Small nets and rows on which the loop's promises can be tried in milliseconds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pytest

from bakeoff.core.extras import is_installed

if TYPE_CHECKING:
    from pathlib import Path

collect_ignore_glob = [] if is_installed("torch") else ["test_*.py"]


@dataclass
class Surroundings:
    """What the loop asks of its surroundings."""

    scratch: Path
    seed: int = 0
    device: str = "cpu"
    threads: int = 1
    lines: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def log(self, line):
        self.lines.append(line)

    def note(self, line):
        self.notes.append(line)


@pytest.fixture
def surroundings(tmp_path):
    """Return a function that makes a context on a scratch folder of this test."""

    def make(name="scratch", **changes):
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        return Surroundings(folder, **changes)

    return make


@pytest.fixture(scope="session")
def token_net():
    """Return a function that makes a net over tokens: the same fresh weights each time."""
    import torch
    from torch import nn

    from bakeoff.training.seeds import seeded

    class TokenNet(nn.Module):
        """Word vectors, a norm (with running statistics), dropout and a head."""

        def __init__(self, width=3, dropout=0.3, batch_norm=True):
            super().__init__()
            self.embedding = nn.Embedding(30, 8, padding_idx=0)
            self.hidden = nn.Linear(8, 8)
            self.norm = nn.BatchNorm1d(8) if batch_norm else nn.LayerNorm(8)
            self.dropout = nn.Dropout(dropout)
            self.head = nn.Linear(8, width)

        def forward(self, tokens, mask):
            seen = mask[..., None]
            mean = (self.embedding(tokens) * seen).sum(dim=1) / seen.sum(dim=1)
            return self.head(self.dropout(self.norm(torch.tanh(self.hidden(mean)))))

    def make(**settings):
        with seeded(0, "weights"):
            return TokenNet(**settings)

    return make


@pytest.fixture(scope="session")
def number_net():
    """Return a function that makes a linear net over features: the same weights each time."""
    from torch import nn

    from bakeoff.training.seeds import seeded

    class NumberNet(nn.Module):
        """One linear layer."""

        def __init__(self):
            super().__init__()
            self.head = nn.Linear(4, 1)

        def forward(self, features):
            return self.head(features)

    def make():
        with seeded(0, "weights"):
            return NumberNet()

    return make


@pytest.fixture(scope="session")
def tokens():
    """Return a function that makes rows whose class is said by their first token."""
    import torch

    from bakeoff.training.rows import TokenRows
    from bakeoff.training.trained import LabelledRows

    def make(count=40, seed=0, classes=3):
        draw = np.random.default_rng(seed)
        codes = draw.integers(0, classes, count)
        sequences = [
            np.array([3 + code, *draw.integers(8, 30, draw.integers(1, 9))], dtype=np.int32)
            for code in codes
        ]
        return LabelledRows(TokenRows(sequences), torch.from_numpy(codes))

    return make


@pytest.fixture(scope="session")
def numbers():
    """Return a function that makes rows of four features and a number linear in them."""
    import torch

    from bakeoff.training.rows import ArrayRows
    from bakeoff.training.trained import LabelledRows

    def make(count=40, seed=0):
        draw = np.random.default_rng(seed)
        features = draw.normal(size=(count, 4)).astype(np.float32)
        numbers = features @ np.array([1.0, -1.0, 0.5, 0.0], dtype=np.float32)
        return LabelledRows(ArrayRows({"features": features}), torch.from_numpy(numbers))

    return make
