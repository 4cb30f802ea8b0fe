"""A synthetic sample of users, study programs and likes, with tastes for a model to find."""
