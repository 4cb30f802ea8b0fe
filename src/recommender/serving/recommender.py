"""Recommendations for users, by the ids in the team's own data."""

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Literal, NamedTuple, Self, TypeVar

import numpy as np
import scipy.sparse as sp

from recommender.baselines.most_popular import most_popular
from recommender.errors import RecommenderError
from recommender.files.arrays import read_csr
from recommender.files.columns import PROGRAM_ID, TITLE
from recommender.files.ids import IdMap
from recommender.files.json_files import read_json
from recommender.files.models import Model, is_about, read_model
from recommender.ranking.item_scorer import UNKNOWN
from recommender.ranking.model_scorer import scorer_of
from recommender.ranking.top_k import top_k
from recommender.serving.foreign_tables import read_foreign_table, texts_of
from recommender.serving.source import Source, open_source
from recommender.text import cut, one_line, printable

Artifact = TypeVar("Artifact")


class Recommendation(NamedTuple):
    """One program for one user; `rank` counts from 1."""

    rank: int
    program_id: str
    title: str
    score: float


class Recommender:
    """The shipped model, with ids, titles and what each user already has.

    `Recommender.load` makes one from what the pipeline wrote.

    Parameters
    ----------
    ids
        The user and program ids, in the order of the matrix.
    titles
        What people read for each program, in the same order.
    model
        The model, of any family.
    seen
        What each user already has, shape (n_users, n_programs).

    Examples
    --------
    >>> import numpy as np, scipy.sparse as sp
    >>> from recommender.files.factors import Factors
    >>> from recommender.files.ids import IdMap
    >>> ids = IdMap(("ann", "bob"), ("law", "art", "math"))
    >>> programs = np.array([[3, 0], [2, 1], [0, 3]], np.float32)
    >>> factors = Factors(np.eye(2, dtype=np.float32), np.zeros(2, np.float32), programs, np.zeros(3, np.float32))
    >>> seen = sp.csr_matrix([[1, 0, 0], [0, 0, 0]])  # Ann has law
    >>> Recommender(ids, ["Law", "Art", "Maths"], factors, seen).recommend("ann", k=1)
    [Recommendation(rank=1, program_id='art', title='Art', score=2.0)]
    """

    def __init__(self, ids: IdMap, titles: Sequence[str], model: Model, seen: sp.csr_matrix) -> None:
        self.ids = ids
        self.titles = titles
        self._scorer = scorer_of(model, seen)
        self._seen = seen

    @classmethod
    def load(cls, rev: str | None = None, repo: str | Path | None = None) -> Self:
        """Load the model of a checkout, or of any Git revision of a repository here or elsewhere.

        Parameters
        ----------
        rev
            A release such as ``v1.2.0``, or any name that Git knows; nothing is checked out. None: what is in the
            checkout.
        repo
            The project's folder or, with a `rev`, a URL that Git can clone. None: the nearest folder with a `dvc.yaml`,
            from the current one upwards.

        Raises
        ------
        RecommenderError
            An artifact is missing, or its bytes are not those that `dvc.lock` records.
        """
        return cls.of(open_source(rev, repo))

    @classmethod
    def of(cls, source: Source) -> Self:
        """Make a recommender from verified artifacts, which anybody may have written.

        Raises
        ------
        RecommenderError
            One of them is missing, or is not what the pipeline writes.
        """
        ids = _read(source, "matrix", "ids.json", lambda stream: IdMap.from_json(read_json(stream)))
        titles = _read(source, "validate", "titles.parquet", lambda stream: _read_titles(stream, ids))
        model = _read(source, "train", "factors.npz", read_model)
        seen = _read(source, "matrix", "interactions.npz", lambda stream: read_csr(stream, ids.shape))
        if not is_about(model, *ids.shape):
            raise RecommenderError("the ids and the model do not belong together; run `dvc repro`")
        return cls(ids, titles, model, seen)

    def recommend(
        self,
        user_id: str,
        k: int = 10,
        *,
        include_seen: bool = False,
        fallback: Literal["error", "popular"] = "error",
    ) -> list[Recommendation]:
        """Recommend programs to a user, best first.

        A user of the data of whom the model knows nothing gets the most popular programs, scored by their positives.

        Parameters
        ----------
        user_id
            An id from the data.
        k
            The most programs to recommend; there are fewer when the user already has almost all that the model knows.
        include_seen
            Also recommend programs that the user already has.
        fallback
            For an unknown user: an error, or the programs with the most positives.

        Returns
        -------
        list of Recommendation
            By descending score; of equal scores, the program that comes first in the data.

        Raises
        ------
        RecommenderError
            The user is not in the data and there is no fallback, or `k` is less than 1.
        """
        if k < 1:
            raise RecommenderError(f"k is {k}; it must be at least 1")
        user = self.ids.user_index(user_id)
        if user is None:
            if fallback == "error":
                raise RecommenderError(
                    f"user {user_id!r} is not in the data the model was trained on; "
                    "--fallback popular (in Python fallback='popular') gives the most popular programs instead"
                )
            return self._popular(k)
        items, scores = top_k(self._scorer, np.array([user]), k, None if include_seen else self._seen)
        return self._recommendations(items[0], scores[0])

    def _popular(self, k: int) -> list[Recommendation]:
        items, counts = top_k(most_popular(self._seen), np.array([0]), k)
        return self._recommendations(items[0], counts[0])

    def _recommendations(self, items: np.ndarray, scores: np.ndarray) -> list[Recommendation]:
        return [
            Recommendation(rank, self.ids.program_ids[item], self.titles[item], float(score))
            for rank, (item, score) in enumerate(zip(items, scores, strict=True), start=1)
            if score > UNKNOWN
        ]


def _read(source: Source, stage: str, name: str, decode: Callable[[IO[bytes]], Artifact]) -> Artifact:
    content = source.read(stage, name)
    try:
        return decode(io.BytesIO(content))
    except RecommenderError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a library says of bytes that it cannot read
        said = cut(printable(one_line(error)), 200)
        raise RecommenderError(f"{name} is not what this version writes: {said}; `dvc repro` makes it again") from None


def _read_titles(stream: IO[bytes], ids: IdMap) -> list[str]:
    table = read_foreign_table(stream, len(ids.program_ids))
    if texts_of(table, PROGRAM_ID) != list(ids.program_ids):
        raise ValueError("its programs are not those of the ids")
    return texts_of(table, TITLE)
