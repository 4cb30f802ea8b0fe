"""Reading and checking the three CSV files."""
