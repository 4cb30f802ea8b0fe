"""Setting interactions aside for a test, one file for each strategy."""
