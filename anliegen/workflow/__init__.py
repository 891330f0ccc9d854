"""Request models and their running: releases, runs, tasks, approvals, decisions.

Definition (`RequestModel`, `ModelVersion`, `Release`) never changes once published; running state (`Run`, `Token`,
`Task`, `Vote`) belongs to one service request, whose row is the only lock. `engine/` is pure: graph in, moves out.
"""
