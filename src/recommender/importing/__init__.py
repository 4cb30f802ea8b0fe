"""The import of CSV files into the project."""
