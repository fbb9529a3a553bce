"""The classic comparison: language models against the rest of deep learning, several data sets."""
