"""Baselines that look at no input: what every other contender must beat."""
