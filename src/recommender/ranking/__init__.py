"""Exact ranking in bounded memory: the same bits for any block size, any number of threads and any CPU."""
