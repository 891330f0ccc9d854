"""The shape of what people send at the desk; what may be stored is checked by the actions."""
