"""bakeoff: do I need a large language model for this? An honest comparison on your own data."""

__version__ = "0.1.0"
