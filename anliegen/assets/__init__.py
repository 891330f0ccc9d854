"""What the organisation has: stock and what is reserved of it, programs and licences, rights in systems (R47)."""
