"""What people do from their own pages, in a browser."""
