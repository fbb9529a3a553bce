"""Pre-training language models: tokenisers, packing, masking, and nets that give their own loss."""
