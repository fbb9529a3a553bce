"""Texts of rows that try to change a model's answer; a prompted model asks them too."""

from __future__ import annotations

from bakeoff.models.prompting.hostile import (
    HOSTILE_ROWS,
    N_HOSTILE_ROWS,
    Flips,
    flip_rate,
    hostile_rows,
)

__all__ = ["HOSTILE_ROWS", "N_HOSTILE_ROWS", "Flips", "flip_rate", "hostile_rows"]
