"""The story of a request for one viewer: whose turn, promise, steps, plans, why. Queries and sentences, no tables."""
