"""The page for those who decide: what went in, how good the recommendations are, for whom, and what is recommended."""
