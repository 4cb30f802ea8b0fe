"""Exact ranking of items for users, in blocks of bounded memory: the same bits for any block size, thread or CPU."""
