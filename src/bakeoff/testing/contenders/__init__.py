"""The checks that every contender passes, one file for each topic."""
