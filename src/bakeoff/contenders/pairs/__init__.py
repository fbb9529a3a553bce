"""Models of two texts together."""
