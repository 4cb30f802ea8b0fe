"""Evaluation of a model against baselines, with uncertainty."""
