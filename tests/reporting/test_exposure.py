"""Programs are counted as lists and histories have them."""

from collections.abc import Iterable

import pyarrow as pa
import scipy.sparse as sp
from reporting.cases import entries

from recommender.files.ids import IdMap
from recommender.reporting.exposure import Exposed, Exposure

IDS = IdMap(("ann", "bob", "cid", "dot"), ("law", "art", "bio", "ska", "zen"))
TITLES = ["Law", "Art", "Biology", "Ska", "Zen"]
HAS = [("ann", "law"), ("bob", "law"), ("cid", "bio"), ("cid", "art"), ("dot", "art"), ("dot", "ska")]


def matrix(pairs: Iterable[tuple[str, str]], ids: IdMap = IDS) -> sp.coo_matrix:
    users, items = zip(*pairs, strict=True)
    rows, columns = [ids.user_ids.index(user) for user in users], [ids.program_ids.index(item) for item in items]
    return entries([1] * len(rows), rows, columns, ids.shape)


def lists(**items: list[str]) -> pa.Table:
    schema = pa.schema({"user_id": pa.string(), "rank": pa.int32(), "program_id": pa.string(), "score": pa.float32()})
    rows = [
        {"user_id": user, "rank": rank, "program_id": item, "score": 1 / rank}
        for user, listed in items.items()
        for rank, item in enumerate(listed, start=1)
    ]
    return pa.Table.from_pylist(rows, schema)


def test_programs_are_counted_by_the_lists_they_are_in_and_the_users_who_have_them() -> None:
    found = Exposure.make(IDS, TITLES, matrix(HAS), lists(ann=["bio", "art"], bob=["bio"], cid=["law"]))
    assert (found.n_programs, found.n_lists) == (5, 3)
    assert found.most == [Exposed("Biology", 2, 1), Exposed("Law", 1, 2), Exposed("Art", 1, 2)]
    assert found.n_never == 2
    assert found.n_unknown == 1
    assert found.never == [Exposed("Ska", 0, 1)]


def test_programs_that_nobody_has_but_somebody_is_recommended_are_not_unknown() -> None:
    found = Exposure.make(IDS, TITLES, matrix(HAS), lists(ann=["zen"]))
    assert found.most == [Exposed("Zen", 1, 0)]
    assert (found.n_never, found.n_unknown) == (4, 0)
    assert found.never == [Exposed("Law", 0, 2), Exposed("Art", 0, 2), Exposed("Biology", 0, 1), Exposed("Ska", 0, 1)]


def test_without_any_list_all_programs_are_never_recommended() -> None:
    found = Exposure.make(IDS, TITLES, matrix(HAS), lists())
    assert (found.n_lists, found.n_never, found.n_unknown, found.most) == (0, 5, 1, [])


def test_of_many_programs_the_first_are_listed_and_ties_keep_the_order_of_the_data() -> None:
    n = 40
    ids = IdMap(tuple(f"u{user}" for user in range(n)), tuple(f"p{item}" for item in range(n)))
    has = [(f"u{user}", f"p{item}") for item in range(n) for user in range(2 if item % 2 else 1)]
    recommended = {f"u{user}": [f"p{item}" for item in range(20, n)] for user in range(2)} | {"u2": ["p33"]}
    found = Exposure.make(ids, ids.program_ids, matrix(has, ids), lists(**recommended))
    assert len(found.most) == len(found.never) == 10
    assert [each.title for each in found.most] == ["p33", *(f"p{item}" for item in range(20, 29))]
    assert [each.title for each in found.never] == [f"p{item}" for item in range(1, 20, 2)]
