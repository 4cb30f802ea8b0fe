"""The search for the best settings of each family of models."""
