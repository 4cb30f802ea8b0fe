"""What the packages with compiled code share: C that each of them includes, and the check of what was compiled."""
