"""Families of models beside LightFM's, in their strong form: the same bytes on any number of threads and any CPU."""
