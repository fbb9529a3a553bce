"""One training loop for all nets: batches, precision, devices, seeds, checkpoints (needs torch)."""
