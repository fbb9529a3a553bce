"""Tasks: what is predicted from what, what a prediction is, and how rows may be split."""
