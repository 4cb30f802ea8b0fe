"""WARP and BPR, compiled: the same model, bit for bit, for any number of threads and on any x86-64 CPU.

``README.md`` beside this file explains the method.
"""

from recommender.training.core.history import history_epochs
from recommender.training.core.support import supports
from recommender.training.core.trainer import EpochStats, Trainer, epochs

__all__ = ["EpochStats", "Trainer", "epochs", "history_epochs", "supports"]
