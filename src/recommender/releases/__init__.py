"""Cutting releases that others can rely on."""
