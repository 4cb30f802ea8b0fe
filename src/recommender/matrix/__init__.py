"""Building what is learned from: the interaction matrix, the feature matrices, and LightFM's own id mapping."""
