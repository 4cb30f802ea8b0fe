"""`split`: set aside the interactions that the evaluated model must not see."""

from recommender.files.arrays import read_arrays, read_coo, write_matrix
from recommender.pipeline.stage import Stage, run
from recommender.settings.split import SplitSettings
from recommender.splits.split_matrix import split_matrix


def split(stage: Stage) -> None:
    """Split the interactions into train and test."""
    parts = split_matrix(
        read_coo(stage.dep("interactions.npz")),
        read_arrays(stage.dep("timestamps.npz")).get("timestamps"),
        stage.settings("split", SplitSettings),
    )
    write_matrix(stage.out("train.npz"), parts.train)
    write_matrix(stage.out("test.npz"), parts.test)


if __name__ == "__main__":
    run("split", split)
