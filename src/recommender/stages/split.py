"""`split`: set aside the interactions that the evaluated model must not see."""

from recommender.files.arrays import read_arrays, read_coo, write_arrays, write_matrix
from recommender.pipeline.stage import Stage, run
from recommender.settings.split import SplitSettings
from recommender.splits.split_matrix import split_matrix


def split(stage: Stage) -> None:
    """Split the interactions into train and test."""
    timestamps = read_arrays(stage.dep("timestamps.npz")).get("timestamps")
    parts = split_matrix(
        read_coo(stage.dep("interactions.npz")),
        timestamps,
        stage.settings("split", SplitSettings),
        read_arrays(stage.dep("given_split.npz")).get("in_test"),
    )
    write_matrix(stage.out("train.npz"), parts.train)
    # With these, the training data can be split again by time without a look at the test.
    trained = {} if timestamps is None else {"timestamps": timestamps[parts.in_train]}
    write_arrays(stage.out("train_timestamps.npz"), trained)
    write_matrix(stage.out("test.npz"), parts.test)


if __name__ == "__main__":
    run("split", split)
