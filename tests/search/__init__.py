"""How well the search finds what people mean."""
