"""Nets in plain torch, one architecture a file, to be read (needs torch)."""
