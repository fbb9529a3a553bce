"""Models that set out from weights learned elsewhere: frozen, fine-tuned, distilled."""
