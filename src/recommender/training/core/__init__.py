"""WARP, BPR and history WARP, compiled: the same model, bit for bit, for any number of threads and on any x86-64 CPU.

``README.md`` beside this file explains the method.
"""

from recommender.training.core.base_trainer import EpochStats
from recommender.training.core.epochs import epochs
from recommender.training.core.history import HistoryTrainer
from recommender.training.core.sources import Sources
from recommender.training.core.support import supports
from recommender.training.core.trainer import Trainer

__all__ = ["EpochStats", "HistoryTrainer", "Sources", "Trainer", "epochs", "supports"]
