"""Models on n-grams of words and characters."""
