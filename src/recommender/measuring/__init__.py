"""Measurement of one model on one task, by all metrics."""
