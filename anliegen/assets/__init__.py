"""What the organisation has: stock, purchases and devices, programs and licences, rights in systems (R47)."""
