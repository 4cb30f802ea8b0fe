"""`recommender summary` says who is tested, and who is not and why."""

import re

from projects import Project


def test_a_summary_of_a_split_by_time_says_who_is_not_tested_and_why(project: Project) -> None:
    assert "users are tested" not in project.recommender("summary").stdout  # everybody is
    project.replace("params.yaml", "strategy: random", "strategy: time")
    project.replace("params.yaml", "test_fraction: 0.2", "test_fraction: 0.005")
    project.dvc("repro", "split")
    said = project.recommender("summary").stdout
    tested, users, positives, latest = numbers(r"^(\d+) of (\d+) users are tested, by (\d+) of the (\d+) latest", said)
    assert (users, latest) == (500, positives)  # each of the users was known before
    (earlier,) = numbers(r"^(\d+) are not, since none of their positives is among these\.$", said)
    assert 0 < tested == users - earlier


def numbers(pattern: str, text: str) -> list[int]:
    found = re.search(pattern, text, flags=re.MULTILINE)
    assert found, text
    return [int(number) for number in found.groups()]
