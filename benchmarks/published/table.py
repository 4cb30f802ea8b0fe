"""A published table: its data, its protocol, its figures, and how ours come about that go beside them."""

import hashlib
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args

from _splits import Format
from definitions import DEFINITIONS
from pydantic import Field, model_validator

from recommender.errors import RecommenderError
from recommender.measuring.headline import length
from recommender.metrics import AT_K, MORE_AT_K
from recommender.settings.base import Settings
from recommender.settings.params_file import read_yaml
from recommender.settings.train import Family
from recommender.text import named

TABLES = Path(__file__).parent / "tables"
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Files = Annotated[dict[str, Sha256], Field(min_length=1)]
POPULARITY = "popularity"


class Data(Settings):
    """A public split."""

    name: str
    """What it is."""
    source: str
    """Where its files are."""
    written: Format
    """The format of its files."""
    train: Files
    """The files to learn from, with their SHA-256."""
    test: Files
    """The files to be found."""


class Source(Settings):
    """Where figures are from."""

    paper: str
    """The paper."""
    table: str
    """Its table."""
    read_in: str
    """The file that the figures, and the settings, were read in."""


class Run(Settings):
    """What is trained here to go beside a published figure."""

    by: str
    """A family of ours, `popularity`, or one of `DEFINITIONS`."""
    settings: dict[str, Any] = {}  # noqa: RUF012 - Pydantic copies it
    """The published settings, under our names; what is not named is as in `params.yaml`."""
    differs: str | None = None
    """How the algorithm is another one than the published; null: it is the same, and so must be the figures."""
    skipped: str | None = None
    """Why it is not trained; null: it is."""

    @model_validator(mode="after")
    def _is_known(self) -> Self:
        known = (*get_args(Family), POPULARITY, *DEFINITIONS)
        if self.by not in known:
            raise ValueError(f"by must be one of {', '.join(known)}")
        return self


class Method(Settings):
    """A row of the published table."""

    name: str
    """What it is called there."""
    source: str
    """One of the table's sources."""
    figures: dict[str, Annotated[float, Field(ge=0, le=1)]]
    """Its figures by metric."""
    runs: list[Run] = []  # noqa: RUF012 - Pydantic copies it
    """What is trained here to go beside it; none: it is quoted."""


class Table(Settings):
    """A published table."""

    data: Data
    """The split."""
    metrics: Annotated[list[str], Field(min_length=1)]
    """The metrics, the one that tables are sorted by first."""
    protocol: list[str]
    """The protocol, in sentences: cut-off, seen items, users without test items, ties, and what became of the rest."""
    sources: dict[str, Source]
    """Where the figures are from."""
    methods: list[Method]
    """The rows."""
    search: list[Family]
    """The families that are searched if the command names none."""

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        for metric in self.metrics:
            if length(metric) is None or metric.partition("@")[0] not in AT_K | MORE_AT_K:
                raise ValueError(f"{metric} is not a metric of a list")
        for method in self.methods:
            if method.source not in self.sources or list(method.figures) != self.metrics:
                raise ValueError(f"{method.name} must be of one of the sources, with a figure for each metric in order")
        return self

    @classmethod
    def read(cls, name: str) -> Self:
        """Read a table by its name among those that are here, or by the path of its file."""
        path = Path(name) if name.endswith(".yaml") else TABLES / f"{name}.yaml"
        if not path.exists():
            known = ", ".join(sorted(file.stem for file in TABLES.glob("*.yaml")))
            raise RecommenderError(f"there is no table {named(name)}; there are {known}, or name a .yaml file")
        return cls.parse(read_yaml(path), path.name)

    @property
    def ks(self) -> list[int]:
        """The lengths of list, the first metric's first."""
        return list(dict.fromkeys(int(metric.partition("@")[2]) for metric in self.metrics))

    @property
    def more_metrics(self) -> list[str]:
        """The metrics of other protocols among its own."""
        return sorted({metric.partition("@")[0] for metric in self.metrics} & MORE_AT_K.keys())

    def paths(self, folder: Path, part: Literal["train", "test"]) -> list[Path]:
        """Name a part's files in a folder, after a look at each.

        Raises
        ------
        RecommenderError
            A file is missing, or is another one than the published.
        """
        files: Files = getattr(self.data, part)
        for name, expected in files.items():
            try:
                found = hashlib.sha256((folder / name).read_bytes()).hexdigest()
            except FileNotFoundError:
                raise RecommenderError(f"{folder} has no {name}; put it there from {self.data.source}") from None
            if found != expected:
                raise RecommenderError(
                    f"{folder / name} is not the file that the table is about: its SHA-256 is {found[:12]}…, and not "
                    f"{expected[:12]}…; take it from {self.data.source}"
                )
        return [folder / name for name in files]
