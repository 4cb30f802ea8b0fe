"""`split`: some interactions are set aside, which the evaluated model must not see."""

from recommender.files.arrays import read_arrays, read_coo, write_matrix
from recommender.settings.split import SplitSettings
from recommender.splits.split import split as split_matrix
from recommender.stages._stage import Stage, run


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
