"""Files that are written whole or not at all, with the same bytes each time; one module for each kind."""
