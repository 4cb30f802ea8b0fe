"""Recommendations and artifacts, from a checkout or from any revision of a repository."""
