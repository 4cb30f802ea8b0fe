"""The common ground of all stages: declaration, settings, progress, and how a stage ends."""
