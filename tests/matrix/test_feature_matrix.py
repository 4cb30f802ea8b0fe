"""The feature matrices are LightFM's own, built without a loop, and their names cannot merge with ids."""

import numpy as np
import pyarrow as pa
import pytest
from lightfm.data import Dataset

from recommender.matrix.feature_matrix import feature_matrix
from recommender.settings.features import FeatureSettings

FILMS = pa.table(
    {
        "program_id": ["1", "2", "3", "Comedy"],
        "genres": ["Comedy|Romance", "", "Drama", "Romance|Comedy| "],
        "year": ["1995", "1995", "2001", ""],
    }
)
FEATURES_OF = {
    "1": ["genres=Comedy", "genres=Romance", "year=1995"],
    "2": ["year=1995"],
    "3": ["genres=Drama", "year=2001"],
    "Comedy": ["genres=Comedy", "genres=Romance"],
}


def settings(*, normalize: bool, separator: str | dict[str, str] | None = "|") -> FeatureSettings:
    return FeatureSettings(users=[], programs=["genres", "year"], separator=separator, normalize=normalize)


@pytest.mark.parametrize("normalize", [True, False])
def test_the_matrix_is_lightfms(normalize: bool) -> None:
    found, names = feature_matrix(FILMS, ["genres", "year"], settings(normalize=normalize))
    dataset = Dataset()
    dataset.fit([], list(FEATURES_OF), item_features=names)
    expected = dataset.build_item_features(FEATURES_OF.items(), normalize=normalize)
    assert names == sorted({name for names in FEATURES_OF.values() for name in names})
    np.testing.assert_allclose(found.toarray(), expected.toarray(), rtol=1e-6)
    assert found.dtype == np.float32


def test_without_features_it_is_the_identity() -> None:
    found, names = feature_matrix(FILMS, [], settings(normalize=True))
    assert names == []
    assert (found.toarray() == np.eye(4)).all()


def test_without_a_separator_a_cell_is_one_value() -> None:
    _, names = feature_matrix(FILMS, ["genres"], settings(normalize=True, separator=None))
    assert "genres=Comedy|Romance" in names


def test_each_column_is_split_by_its_own_separator_and_one_without_is_not() -> None:
    table = pa.table({"genres": ["a|b,c"], "tags": ["d|e,f"], "year": ["g|h,i"]})
    chosen = FeatureSettings(
        users=["year"], programs=["genres", "tags"], separator={"genres": "|", "tags": ","}, normalize=True
    )
    _, names = feature_matrix(table, ["genres", "tags", "year"], chosen)
    assert names == ["genres=a", "genres=b,c", "tags=d|e", "tags=f", "year=g|h,i"]


def test_a_value_that_stands_twice_in_a_cell_counts_once() -> None:
    table = pa.table({"tags": ["a|a|b"]})
    found, names = feature_matrix(table, ["tags"], settings(normalize=False))
    assert (found.toarray() == [[1, 1, 1]]).all()
    assert names == ["tags=a", "tags=b"]
