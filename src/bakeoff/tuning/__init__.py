"""Samplers and spaces: what settings to try next; no judge is needed here."""
