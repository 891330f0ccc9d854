"""The language of the product: plain words, formal address, everything in both languages."""
