"""Training of LightFM models."""
