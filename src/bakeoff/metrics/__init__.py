"""Metrics: statistics per example first, totals second, so that every total can be resampled."""
