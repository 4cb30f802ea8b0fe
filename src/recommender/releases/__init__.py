"""Releases that others can rely on."""
