"""Things in stock and what is reserved of them: products with other names, places, quantities (R47)."""
