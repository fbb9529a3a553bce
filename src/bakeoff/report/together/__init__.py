"""Several comparisons on one page: decisions, a common table, claims beside what was measured."""
