"""Contenders made of contenders: cascade, vote, stack, tuned; they know their parts by the seam."""
