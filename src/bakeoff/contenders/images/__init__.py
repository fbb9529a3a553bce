"""Linear models on pictures: the reference for images."""
