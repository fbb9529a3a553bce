"""Answers of the most similar training rows."""
