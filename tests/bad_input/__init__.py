"""Bad input, by HTTP, with the shipped services and the people of Nordwerk: what is refused, how it is told, and that
nothing of it stays. What needs a process of its own is elsewhere: two at once in `workflow/tests/test_together.py`, a
database that is locked or gone in `tests/crash/test_busy.py`.
"""
