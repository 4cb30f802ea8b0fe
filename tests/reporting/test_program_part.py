"""What is recommended is told as it was measured, for each tenth of the catalogue."""

import pytest
from reporting.cases import Evaluated, evaluated, tiny

from recommender.reporting.program_part import ProgramPart
from recommender.reporting.shown import Row


def part(shares: list[Row]) -> ProgramPart:
    return ProgramPart.make(evaluated(ks=(5, 10, 7)).ranking, evaluated(ks=(5, 10, 7)).coverage, shares)


def shares(**of: list[float]) -> list[Row]:
    return [
        {"model": name, "items": place / 10, "share": share}
        for name, values in of.items()
        for place, share in enumerate(values, start=1)
    ]


def test_coverage_is_that_of_lists_of_the_headlines_length() -> None:
    table = part(evaluated(ks=(5, 10, 7)).shares).coverage
    assert table.caption.startswith("Lists of 5: ")
    found = {row["model"]: row for row in evaluated(ks=(5, 10, 7)).coverage if row["k"] == 5}
    assert [(row[0], row[2]) for row in table.rows] == [
        ("lightfm (ours)" if name == "model" else name, f"{row['precision']:.3f}") for name, row in found.items()
    ]
    assert {row[0] for row in table.rows} == {"lightfm (ours)", "history", "ease", "popularity", "random"}
    assert table.rows[-1][1] == f"{100 * found['random']['coverage']:.0f} %"


def test_shares_are_of_the_model_and_of_what_users_chose_and_of_nothing_else() -> None:
    made = part(
        shares(
            model=[0.6, 0.25, *[0.15 / 8] * 8],
            popularity=[1.0, *[0.0] * 9],
            consumed=[0.0004, *[0.9996 / 9] * 9],
        )
    )
    assert (made.top_recommended, made.top_chosen) == ("60 %", "0.04 %")
    assert list(made.shares.numbers.header) == ["tenth", "recommended", "chosen by users"]
    assert made.shares.numbers.rows[:2] == [("1", "60.0 %", "0.0 %"), ("2", "25.0 %", "11.1 %")]
    assert len(made.shares.numbers.rows) == 10


def test_what_is_not_a_number_does_not_stop_the_page() -> None:
    assert part(shares(model=[float("nan")] * 10, consumed=[0.1] * 10)).top_chosen == "10 %"


@pytest.mark.parametrize("ks", [[1], [10]])
def test_it_can_be_told_of_one_user_and_two_programs(ks: list[int]) -> None:
    found = Evaluated.make(tiny(), ks)
    made = ProgramPart.make(found.ranking, found.coverage, found.shares)
    assert made.coverage.rows[0][0] == "lightfm (ours)"
    assert made.coverage.rows[0][1] == "50 %"
