"""Contenders that are asked, not trained: large language models behind a prompt."""
