"""`recommend`: list the best programs for every user, for a job downstream to read."""

import numpy as np
import pyarrow as pa

from recommender.files.arrays import read_csr
from recommender.files.columns import PROGRAM_ID, RANK, SCORE, USER_ID
from recommender.files.ids import IdMap
from recommender.files.json_files import read_json
from recommender.files.models import read_model
from recommender.files.tables import write_table
from recommender.pipeline.stage import Stage, run
from recommender.ranking.item_scorer import UNKNOWN
from recommender.ranking.model_scorer import scorer_of
from recommender.ranking.top_k import top_k
from recommender.settings.recommend import RecommendSettings


def recommend(stage: Stage) -> None:
    """Rank every program for every user."""
    settings = stage.settings("recommend", RecommendSettings)
    ids = IdMap.from_json(read_json(stage.dep("ids.json")))
    seen = read_csr(stage.dep("interactions.npz"))
    scorer = scorer_of(read_model(stage.dep("factors.npz")), seen)
    with stage.work("users", len(ids.user_ids)) as execution:
        items, scores = top_k(
            scorer, np.arange(len(ids.user_ids)), settings.k, None if settings.include_seen else seen, execution
        )
    users, places = np.nonzero(scores > UNKNOWN)
    write_table(
        stage.out("recommendations.parquet"),
        pa.table(
            {
                USER_ID: pa.array(ids.user_ids).take(users),
                RANK: pa.array(places + 1, pa.int32()),
                PROGRAM_ID: pa.array(ids.program_ids).take(items[users, places]),
                SCORE: scores[users, places],
            }
        ),
    )


if __name__ == "__main__":
    run("recommend", recommend)
