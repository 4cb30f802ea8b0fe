"""What a page says of a revision that the pipeline cannot know: its commit, its costs, and what is new in it."""
