"""Who did what, when, under which rule; and the keys that make a repeated command harmless.

Each event becomes an *entry* in the transaction of the action. A job *seals* committed entries: it numbers them without
gaps and chains their hashes, so nobody can change, remove, or reorder one unseen. Entries hold random person ids and
the hash of a *detail*; the detail itself (old and new values) and the link from person to id can be erased, and the
chain stays valid. The *head* (count and last hash) stands apart: noted outside, it proves that no tail was cut off.
"""
