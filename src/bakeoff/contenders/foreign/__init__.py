"""Objects of other libraries as contenders."""
