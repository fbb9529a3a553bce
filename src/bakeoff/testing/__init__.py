"""What authors of contenders, metrics, tasks and readers use to prove their work."""
