"""The record: one service request per line and recipient, with everything that happened to it (R33-R43).

An `Order` is one checkout. The `ServiceRequest` row is the aggregate's lock: every action on a request takes it first.
The journal is what people read; status, routed-to and end kind are written by `workflow` only, through `lifecycle`.
"""
