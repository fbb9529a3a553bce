"""Ready applications on the rooms below."""
