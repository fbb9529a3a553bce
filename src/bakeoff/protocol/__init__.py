"""The protocol: one split, one order, one budget for all; cells, costs, engines and the judge."""
