"""The origin of a model: the commit, the data, the packages, and what each stage took."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from recommender.errors import RecommenderError
from recommender.pipeline.costs import Cost, recall
from recommender.project import RAW
from recommender.serving.source import Source

LOCKS = ("model", "numeric", "tables", "page", "tools")
PACKAGES = (
    "rectools-lightfm", "dvc", "numpy", "scipy", "pyarrow", "pandas", "scikit-learn", "joblib", "matplotlib",
)  # fmt: skip
"""The packages that people ask for; the locks name all."""
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]{0,80})==([^\s\\;]{1,40})", re.MULTILINE)


@dataclass(frozen=True)
class Origin:
    """Where a model comes from.

    Attributes
    ----------
    commit
        What `Source.describe` says of the commit.
    data
        The MD5 of each raw file.
    packages
        The locked version of each of `PACKAGES`.
    costs
        What each stage took; None: it did not make these outputs on this machine.
    """

    commit: dict[str, str]
    data: dict[str, str]
    packages: dict[str, str]
    costs: dict[str, Cost | None]

    @classmethod
    def make(cls, source: Source, root: Path | None) -> Self:
        """Collect it.

        Parameters
        ----------
        source
            The model's revision.
        root
            The project's folder, where the costs are kept; None: it is elsewhere.
        """
        pinned = dict(_pins(source))
        outs = {name: source.lock.outputs_of(name) for name in source.lock.stages}
        return cls(
            commit=source.describe(),
            data=source.lock.inputs(RAW),
            packages={name: pinned[name] for name in PACKAGES if name in pinned},
            costs={name: recall(root, name, md5s.values()) if root else None for name, md5s in outs.items()},
        )

    @property
    def is_timed(self) -> bool:
        """Whether what some stage took is known."""
        return any(self.costs.values())


def _pins(source: Source) -> Iterator[tuple[str, str]]:
    for lock in LOCKS:
        try:
            content = source.file(f"requirements/{lock}.lock")
        except RecommenderError:  # an older revision has fewer of them
            continue
        yield from PIN.findall(content.decode(errors="replace"))
