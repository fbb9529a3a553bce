"""The pictures of the families page, one a file."""
