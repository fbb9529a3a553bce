"""Errors, names, seeds, files and the content-addressed store: what every room may use."""
