"""A sample of users, study programs and likes, made up, with tastes for a model to find."""
