"""Compressors: what they make of a text is a language model too."""
