"""Nets that learn from these rows alone: recurrent, convolutional, transformer (extra `torch`)."""
