"""The repair of what a killed run leaves behind in a checkout."""
