"""Models brought along: scikit-learn estimators and Python functions."""
