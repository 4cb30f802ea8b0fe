"""Measuring models against baselines, with uncertainty."""
