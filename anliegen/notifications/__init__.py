"""Who is told what: one message row per event and recipient, written in the transaction, sent by a job."""
