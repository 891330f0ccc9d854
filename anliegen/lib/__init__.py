"""Building blocks without tables: events and their bus, errors, texts, ids, the clock, CEL and decision tables.

Everything here may be imported by pure rules, so nothing here imports Django.
"""
