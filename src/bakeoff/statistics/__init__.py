"""The statistics of an honest comparison: pure functions of arrays, and one procedure of them all.

`bakeoff.statistics.procedure.compare_all` is what the judge calls and what
``benchmarks/false_alarms.py`` measures; the other files hold its parts, one idea each.
"""
