"""The settings of `params.yaml`, one file for each group. They check and refuse, and cannot change a byte."""
