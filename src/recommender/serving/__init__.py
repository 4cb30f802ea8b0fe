"""Using what the pipeline made."""
