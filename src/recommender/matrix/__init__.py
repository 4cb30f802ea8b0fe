"""The matrices that models learn from, and LightFM's own id mapping."""
