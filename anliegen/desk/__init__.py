"""The desk: where those who work on requests find, do and steer them, and note down what callers need.

A task's address is its request's code with step and visit: `/desk/SR-1000/tasks/check-1/`. Doors: `doors.py`; what can
be done with a task or a request is one table each in `verbs.py`.
"""
