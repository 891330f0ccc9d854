"""What the desk's pages read, ready to be shown; a constant number of statements for each page."""
