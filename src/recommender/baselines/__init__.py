"""Baselines: simple scorers that a model must beat."""
