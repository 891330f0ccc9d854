"""The service level as it runs: one row per clock, and the due dates that follow from it.

Targets are defined in `catalogue`; a task's due date is set by calling `workflow.actions.set_due`.
"""
