"""`matrix`: fit the id mapping, and build the interaction and feature matrices."""

import numpy as np

from recommender.files.arrays import write_arrays, write_matrix
from recommender.files.ids import IdMap
from recommender.files.json_files import write_json
from recommender.files.pickles import write_pickle
from recommender.files.tables import read_table
from recommender.matrix.feature_matrix import feature_matrix
from recommender.matrix.interaction_matrix import interaction_matrix
from recommender.matrix.lightfm_dataset import lightfm_dataset
from recommender.pipeline.stage import Stage, run
from recommender.settings.data import DataSettings
from recommender.settings.features import FeatureSettings


def matrix(stage: Stage) -> None:
    """Number the users and programs, and build everything that models learn from."""
    users, programs = read_table(stage.dep("users.parquet")), read_table(stage.dep("programs.parquet"))
    describing = stage.settings("features", FeatureSettings)
    ids = IdMap.fit(users, programs)
    interactions, timestamps, given_test = interaction_matrix(
        read_table(stage.dep("interactions.parquet")), ids, stage.settings("data", DataSettings)
    )
    user_features, user_names = feature_matrix(users, describing.users, describing)
    program_features, program_names = feature_matrix(programs, describing.programs, describing)

    write_json(stage.out("ids.json"), ids.to_json())
    write_matrix(stage.out("interactions.npz"), interactions)
    # In a file of their own, so that a changed time retrains nothing unless the split goes by time.
    write_arrays(stage.out("timestamps.npz"), {} if timestamps is None else {"timestamps": timestamps.astype(np.int64)})
    # Likewise: a changed split of the data's own retrains nothing unless it is used.
    write_arrays(stage.out("given_split.npz"), {} if given_test is None else {"in_test": given_test})
    write_matrix(stage.out("user_features.npz"), user_features)
    write_matrix(stage.out("program_features.npz"), program_features)
    write_pickle(stage.out("lightfm_dataset.pkl"), lightfm_dataset(ids, user_names, program_names))


if __name__ == "__main__":
    run("matrix", matrix)
