"""Nets that join text, picture and table columns of the same rows (extra `torch`)."""
