"""Seeing the families: what each is built of and how it behaves, measured by running it."""
