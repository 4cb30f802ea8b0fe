"""`params.yaml` as a whole."""

from recommender.settings.base import Settings
from recommender.settings.data import DataSettings
from recommender.settings.evaluate import EvaluateSettings
from recommender.settings.execution import ExecutionSettings
from recommender.settings.features import FeatureSettings
from recommender.settings.learning_curve import LearningCurveSettings
from recommender.settings.peers import PeersSettings
from recommender.settings.recommend import RecommendSettings
from recommender.settings.search import SearchSettings
from recommender.settings.split import SplitSettings
from recommender.settings.train import TrainSettings


class Params(Settings):
    """Every group of `params.yaml`."""

    data: DataSettings
    features: FeatureSettings
    split: SplitSettings
    train: TrainSettings
    peers: PeersSettings
    search: SearchSettings
    evaluate: EvaluateSettings
    learning_curve: LearningCurveSettings
    recommend: RecommendSettings
    execution: ExecutionSettings
