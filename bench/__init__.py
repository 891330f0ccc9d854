"""Benchmarks: `make bench`. Makes many true requests on both databases and measures pages, actions and the engine.

`meter` measures, `copies` multiplies rows, `company` makes the requests that are multiplied, `visits` are the pages.
"""
