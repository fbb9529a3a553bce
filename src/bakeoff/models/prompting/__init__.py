"""The words of a prompted model: what it is asked, with which examples, and how it is read."""
