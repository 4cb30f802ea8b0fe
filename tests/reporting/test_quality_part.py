"""The page says how good the recommendations are as it was measured, next to the right others, and for whom."""

from typing import Any

import pytest
from evaluation.cases import random_task
from reporting.cases import Evaluated, evaluated, tiny

from recommender.reporting.quality_part import FEW, QualityPart
from recommender.reporting.sentence import verdict_sentence
from recommender.reporting.shown import Row


def part(of: Evaluated | None = None, **changes: Any) -> QualityPart:
    given = {name: getattr(of or evaluated(), name) for name in ("ranking", "families", "by_k", "by_segment")} | changes
    return QualityPart.make(**given, confidence=0.95)


def segment(
    name: str, users: int, model: tuple[float, float], popularity: tuple[float, float], lead: float = -0.1
) -> list[Row]:
    """Rows of a segment: where the model's interval lies, and popularity's, and the most that this may lead by."""
    return [
        {"segment": name, "users": users, "model": who, "metric": "ndcg@10", "mean": (low + high) / 2}
        | {"low": low, "high": high, "lead_high": lead if who == "popularity" else 0.5}
        for who, (low, high) in {"model": model, "popularity": popularity, "history": (0, 1), "ease": (0, 1)}.items()
    ]


def means(**of: float) -> list[Row]:
    names = {"model": "lightfm"}
    return [
        {"model": name, "family": names.get(name, name), "mean": mean, "low": mean - 0.05, "high": mean + 0.05}
        for name, mean in of.items()
    ]


def test_the_summary_says_the_same_as_the_page() -> None:
    assert part().verdict == verdict_sentence(evaluated().ranking)


def test_the_length_of_the_list_is_that_of_the_headline() -> None:
    made = part(Evaluated.make(ks=[3, 7]))
    assert (made.k, made.metric, made.n_users) == (3, "ndcg@3", evaluated().ranking["users"])
    assert made.plain[0].startswith("Of 3 programs that it recommends to a user, ")
    assert "The 3 most popular programs" in made.plain[0]
    assert list(made.numbers.header) == ["family", "ndcg@3", "precision@3", "recall@3", "auc"]
    assert made.lengths.numbers.rows[0][0] == "precision@3, lightfm (ours)"
    assert made.rivals.numbers.caption == "ndcg@3 by family"
    assert made.segments.numbers.caption == "ndcg@3 by number of programs"


@pytest.mark.parametrize(
    ("families", "rival"),
    [
        (means(model=0.1, history=0.3, ease=0.2, popularity=0.9, random=0.8), "history"),
        (means(model=0.5, history=0.1, ease=0.2, popularity=0.0, random=0.0), "ease"),
        (means(model=0.5, history=0.2, ease=0.2, popularity=0.0, random=0.0), "history"),
    ],
)
def test_the_model_is_compared_with_the_best_other_family_and_with_popularity(families: list[Row], rival: str) -> None:
    made = part(families=families)
    assert f"; the best other family, {rival}, " in made.plain[0]
    for picture in (made.lengths, made.segments):
        assert {row[0].partition(", ")[2] for row in picture.numbers.rows} == {"lightfm (ours)", rival, "popularity"}


def test_hits_are_counted_in_programs_of_the_list() -> None:
    numbers = {"model": 0.25, "history": 0.1, "ease": 0.0, "popularity": 0.0004}
    ranking = evaluated().ranking | {
        name: evaluated().ranking[name] | {"precision@10": precision} for name, precision in numbers.items()
    }
    families = means(model=0.5, history=0.3, ease=0.2, popularity=0.1, random=0.0)
    assert part(ranking=ranking, families=families).plain[0] == (
        "Of 10 programs that it recommends to a user, 2.5 are hits on average: programs that the user really chose, "
        "and that were hidden from it. The 10 most popular programs, the same for everybody, would give 0.004; the "
        "best other family, history, 1.0."
    )


@pytest.mark.parametrize(("hit_rate", "written"), [(0.0, "0 %"), (0.0004, "0.04 %"), (0.982, "98 %"), (1.0, "100 %")])
def test_the_share_of_users_with_a_hit_is_told_even_if_it_is_none(hit_rate: float, written: str) -> None:
    model = evaluated().ranking["model"] | {"hit_rate@10": hit_rate}
    lines = part(ranking=evaluated().ranking | {"model": model, "users": 1234}).plain
    assert lines[1] == f"{written} of the 1,234 users asked get at least one hit."


def test_all_families_are_ranked_by_what_was_measured() -> None:
    made = part(families=means(model=0.2, history=0.3, ease=0.1, popularity=0.25, random=0.0))
    assert made.rivals.numbers.rows == [
        ("history", "0.300", "0.250 to 0.350"),
        ("popularity", "0.250", "0.200 to 0.300"),
        ("lightfm (ours)", "0.200", "0.150 to 0.250"),
        ("ease", "0.100", "0.050 to 0.150"),
        ("random", "0.000", "-0.050 to 0.050"),
    ]
    assert "with 95 % confidence" in made.rivals.reading
    assert "best first: history 0.300, popularity 0.250, lightfm (ours) 0.200, " in made.rivals.svg


def test_the_table_has_the_headlines_of_all() -> None:
    rows = part().numbers.rows
    assert [name for name, *_ in rows] == ["lightfm (ours)", "history", "ease", "popularity", "random"]
    ease = evaluated().ranking["ease"]
    assert rows[2] == ("ease", *(f"{ease[name]:.3f}" for name in ("ndcg@10", "precision@10", "recall@10", "auc")))


def test_each_length_of_list_has_its_numbers() -> None:
    rows = part().lengths.numbers.rows
    assert [name.partition(",")[0] for name, *_ in rows] == [
        f"{metric}@{k}" for metric in ("precision", "recall") for _ in range(3) for k in (5, 10)
    ]
    of_popularity = [row for row in evaluated().by_k if row["model"] == "popularity"]
    for metric in ("precision", "recall"):
        (found,) = (row for row in of_popularity if (row["metric"], row["k"]) == (metric, 5))
        (shown,) = (row for row in rows if row[0] == f"{metric}@5, popularity")
        assert shown[1:] == (f"{found['mean']:.3f}", f"{found['low']:.3f} to {found['high']:.3f}")


def test_each_segment_has_its_users_and_numbers() -> None:
    made = part(
        by_segment=[*segment("1-5", 1200, (0.5, 0.6), (0.1, 0.2)), *segment("21+", 3, (0.3, 0.4), (0.2, 0.3))],
        families=means(model=0.5, history=0.3, ease=0.2, popularity=0.1, random=0.0),
    )
    assert made.segments.numbers.rows == [
        ("1-5, lightfm (ours)", "1,200", "0.550", "0.500 to 0.600"),
        ("1-5, history", "1,200", "0.500", "0.000 to 1.000"),
        ("1-5, popularity", "1,200", "0.150", "0.100 to 0.200"),
        ("21+, lightfm (ours)", "3", "0.350", "0.300 to 0.400"),
        ("21+, history", "3", "0.500", "0.000 to 1.000"),
        ("21+, popularity", "3", "0.250", "0.200 to 0.300"),
    ]


def test_it_is_said_for_whom_the_model_is_surely_better_and_for_whom_not() -> None:
    lines = part(
        by_segment=[
            *segment("1-5", FEW, (0.3, 0.4), (0.1, 0.2)),
            *segment("6-20", 2000, (0.3, 0.4), (0.1, 0.2), lead=0.0),
            *segment("21-100", 900, (0.3, 0.4), (0.2, 0.35), lead=-0.001),
            *segment("101+", FEW - 1, (0.0, 0.9), (0.1, 0.2), lead=0.4),
        ]
    ).for_whom
    assert lines == [
        "Surely better than popularity for users with 1-5 and 21-100 programs.",
        (
            "Not surely better than popularity for users with 6-20 and 101+ programs: to them the most popular ones "
            "could be shown as well."
        ),
        "Few users are behind some groups, which says little of them: 101+ (49).",
    ]


def test_of_one_group_nothing_is_said_of_more_or_less_active_users() -> None:
    sure, one = part(by_segment=segment("0+", 500, (0.3, 0.4), (0.1, 0.2))).for_whom
    assert sure == "Surely better than popularity for users with 0+ programs."
    assert one.startswith("All users who were asked fall into one group")


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["0", "1-5"], True),
        (["1-5", "10-20", "101+"], False),
        (["0-5", "6+"], None),
        (["0+"], None),
    ],
)
def test_whether_new_users_were_asked_is_told_only_where_it_shows(names: list[str], told: bool | None) -> None:
    found = [row for name in names for row in segment(name, 60, (0.3, 0.4), (0.1, 0.2))]
    assert part(by_segment=found).tests_new_users is told


def test_other_metrics_of_segments_do_not_count() -> None:
    auc = [row | {"metric": "auc", "segment": "0"} for row in segment("6+", 60, (0.3, 0.4), (0.1, 0.2))]
    made = part(by_segment=[*segment("6+", 60, (0.3, 0.4), (0.1, 0.2)), *auc])
    assert made.tests_new_users is False
    assert len(made.for_whom) == 2


@pytest.mark.parametrize(
    ("task", "ks", "bounds"),
    [
        (tiny(), [1], []),
        (tiny(), [10, 5, 20], [0, 5]),
        (random_task(60, 40, seed=2), [1, 20, 7], list(range(20))),
    ],
)
def test_all_of_it_can_be_told_of_little_data_and_of_many_groups(task: Any, ks: list[int], bounds: list[int]) -> None:
    found = Evaluated.make(task, ks, bounds)
    made = part(found)
    assert made.k == ks[0]
    assert len(made.segments.numbers.rows) == 3 * len({row["segment"] for row in found.by_segment})
