"""Records of plans, cells, costs and verdicts, and where they are kept; readable without us."""
