"""`params`: check every key and value of `params.yaml` before any other stage does work."""

from pathlib import Path

from recommender.files.atomic import open_atomically
from recommender.pipeline.stage import Stage, run
from recommender.settings.params import Params
from recommender.settings.params_file import read_yaml


def params(stage: Stage) -> None:
    """Check `params.yaml` as a whole."""
    path = Path("params.yaml")
    Params.parse(read_yaml(path), str(path))
    # The text never changes, so that a changed setting reruns only the stages that read it.
    with open_atomically(stage.out("params_checked.txt")) as out:
        out.write(b"Every key and value of params.yaml is known and possible.\n")


if __name__ == "__main__":
    run("params", params)
