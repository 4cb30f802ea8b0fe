"""Files that are written whole or not at all, the same bytes each time; one module for each kind."""
