"""`recommend`: the best programs for every user, for a job downstream to read."""

import numpy as np
import pyarrow as pa

from recommender.columns import PROGRAM_ID, RANK, SCORE, USER_ID
from recommender.files.arrays import read_csr
from recommender.files.factors import read_factors
from recommender.files.json import read_json
from recommender.files.tables import write_table
from recommender.ids import IdMap
from recommender.progress import progress
from recommender.ranking.topk import top_k
from recommender.settings.recommend import RecommendSettings
from recommender.stages._stage import Stage, run


def recommend(stage: Stage) -> None:
    """Rank every program for every user."""
    settings = stage.settings("recommend", RecommendSettings)
    ids = IdMap.from_json(read_json(stage.dep("ids.json")))
    seen = read_csr(stage.dep("interactions.npz"))
    factors, execution = read_factors(stage.dep("factors.npz")), stage.execution()
    with progress(stage.name, len(ids.user_ids), "users", execution.progress) as advance:
        items, scores = top_k(
            factors,
            np.arange(len(ids.user_ids)),
            settings.k,
            exclude=None if settings.include_seen else seen,
            num_threads=execution.num_threads,
            advance=advance,
        )
    users, places = np.nonzero(items >= 0)
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
