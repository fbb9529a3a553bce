"""Models of number, date and category columns, with text columns beside them."""
