"""Growth is counted month by month, and each user and program is new once."""

from datetime import UTC, datetime

import pyarrow as pa
import pytest

from recommender.cleaning import growth as module
from recommender.cleaning.growth import GROWTH, growth


def interactions(*rows: tuple[str, str, str]) -> pa.Table:
    users, programs, days = zip(*rows, strict=True)
    moments = [int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp() * 1000) for day in days]
    return pa.table(
        {
            "user_id": pa.array(users).dictionary_encode(),
            "program_id": pa.array(programs).dictionary_encode(),
            "timestamp": pa.array(moments, pa.int64()),
        }
    )


ROWS = [
    ("ann", "law", "2024-03-31T23:59:59"),
    ("bob", "law", "2024-01-01"),
    ("bob", "art", "2024-01-31"),
    ("ann", "art", "2024-03-02"),
    ("cid", "law", "1969-12-31T23:59:59.999"),
]


@pytest.mark.parametrize("cells", [module.CELLS, 1])
def test_months_count_interactions_active_users_and_who_and_what_is_new(
    cells: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CELLS", cells)
    found = growth(interactions(*ROWS))
    assert found.schema == GROWTH
    assert [tuple(row.values()) for row in found.to_pylist()] == [
        ("1969-12", 1, 1, 1, 1),
        ("2024-01", 2, 1, 1, 1),
        ("2024-03", 2, 1, 1, 0),
    ]


def test_without_times_there_is_no_growth_to_tell() -> None:
    assert growth(interactions(*ROWS).drop_columns("timestamp")).equals(GROWTH.empty_table())
