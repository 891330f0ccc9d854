"""Search over texts of any kind: what people type finds what was meant, on both databases alike.

A *document* is a text with a kind and an id that other packages put here in the transaction that changes it. *Access
words* say who may find it; a query gives the words that its viewer holds, and the owner of the ids asks its own rights
again. Documents are few and are searched in memory; *requests* are many and are searched by the database's full text.
A *gap* is what people looked for and did not find. This package knows kinds and access words, no domain.
"""
