"""The face of those who look after the service: what they write and set. Only what works is in it."""
