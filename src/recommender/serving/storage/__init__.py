"""Reading the storage of a repository elsewhere: an address that is data, and one module for each way to it."""
