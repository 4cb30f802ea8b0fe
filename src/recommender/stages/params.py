"""`params`: every key and value of `params.yaml` is checked before any other stage does work."""

from pathlib import Path

from recommender.files.whole import written_whole
from recommender.settings.params import Params
from recommender.settings.yaml import read_yaml
from recommender.stages._stage import Stage, run


def params(stage: Stage) -> None:
    """Check the file."""
    path = Path("params.yaml")
    Params.parse(read_yaml(path), str(path))
    # The text never changes, so that a changed setting runs again only the stages that read it.
    with written_whole(stage.out("params_checked.txt")) as out:
        out.write(b"Every key and value of params.yaml is known and possible.\n")


if __name__ == "__main__":
    run("params", params)
