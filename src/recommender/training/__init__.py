"""Training a LightFM model."""
