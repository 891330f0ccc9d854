"""Nordwerk, the demo company: about 60 people, their services and three weeks of requests, made by the actions.

`company` is the data, `organisation` loads it, `stories` are the requests, `wipe` removes everything again.
"""
