"""Taking CSV files into the project."""
