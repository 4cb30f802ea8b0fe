"""A table of somebody else's is read within bounds, and refused beyond them by what its pages claim."""

import io
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from recommender.serving import foreign_tables
from recommender.serving.foreign_tables import ALLOWANCE, EXPANSION, MOST_COLUMNS, read_foreign_table, texts_of
from recommender.serving.parquet_pages import claims


def parquet(columns: dict[str, Any]) -> io.BytesIO:
    stream = io.BytesIO()
    pq.write_table(pa.table(columns), stream)
    return stream


def test_there_may_be_so_many_columns_and_no_more() -> None:
    columns = {f"c{number}": [1] for number in range(MOST_COLUMNS)}
    assert read_foreign_table(parquet(columns)).num_columns == MOST_COLUMNS == 500
    with pytest.raises(ValueError, match=r"^501 columns, and the limit is 500$"):
        read_foreign_table(parquet(columns | {"more": [1]}))


def test_there_are_as_many_rows_as_there_must_be() -> None:
    source = parquet({"a": ["x", "y"]})
    for n_rows in (None, 2):
        assert read_foreign_table(source, n_rows).num_rows == 2
    for n_rows in (0, 1, 3):
        with pytest.raises(ValueError, match=f"^2 rows instead of {n_rows}$"):
            read_foreign_table(source, n_rows)


def test_a_table_may_take_so_many_bytes_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (ALLOWANCE, EXPANSION) == (64 << 20, 100), "as docs/security.md says"
    source = parquet({"a": ["x", "y", "z"], "b": [1, 2, 3]})
    size = len(source.getvalue())
    needed = claims(source, size).n_bytes + 3 * 2 * 8
    for expansion in (0, -1, 100):
        monkeypatch.setattr(foreign_tables, "EXPANSION", expansion)
        monkeypatch.setattr(foreign_tables, "ALLOWANCE", needed - expansion * size)
        assert read_foreign_table(source).num_rows == 3
        monkeypatch.setattr(foreign_tables, "ALLOWANCE", needed - expansion * size - 1)
        with pytest.raises(ValueError, match=f"^a table of {needed:,} bytes in a file of {size:,}$"):
            read_foreign_table(source)


def test_a_column_that_is_not_of_texts_is_refused_even_if_it_has_a_dictionary() -> None:
    numbers = pa.array([1, 2, 1]).dictionary_encode()
    with pytest.raises(ValueError, match=r"^its column a does not hold text in every row$"):
        texts_of(pa.table({"a": numbers}), "a")
    with pytest.raises(ValueError, match=r"^it has no column b$"):
        texts_of(pa.table({"a": numbers}), "b")
    texts = pa.array(["x", "y", "x"]).dictionary_encode()
    assert texts_of(pa.table({"a": texts}), "a") == ["x", "y", "x"]
