"""The storages that artifacts are fetched from: an address that is only data, and one module for each kind."""
