"""Where cells run: worker processes on this machine, or this process."""
