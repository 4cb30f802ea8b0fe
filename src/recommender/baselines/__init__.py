"""What a model must beat: scorers that know little."""
