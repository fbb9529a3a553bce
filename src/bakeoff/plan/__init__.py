"""Opening soon."""
