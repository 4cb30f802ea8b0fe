"""The settings of `params.yaml`, one file for each group, so that a stage depends on the groups that it reads."""
