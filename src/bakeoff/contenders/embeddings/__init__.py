"""Linear models on word vectors learned from the training texts."""
