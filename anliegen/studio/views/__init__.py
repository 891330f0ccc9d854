"""One module per area: input in, action called, page out."""
