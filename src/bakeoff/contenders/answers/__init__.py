"""Predictions made elsewhere: a column of answers that an LLM, a vendor or a person gave."""
