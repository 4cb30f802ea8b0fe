"""Families of models: what can be trained, measured, searched and shipped."""
