"""Splits into train and test, one file for each strategy."""
