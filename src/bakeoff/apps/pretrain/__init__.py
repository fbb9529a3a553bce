"""Pre-training a language model on one's own text: from files to an ordinary checkpoint."""
