"""`recommender summary` says who is tested, who is not and why, and which family to ship."""

import json
import re
import shlex

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


def test_the_last_lines_say_which_family_is_best_and_a_command_that_works(project: Project) -> None:
    *_, sentence, advised = project.recommender("summary").stdout.splitlines()
    verdict = json.loads(project.path("metrics/ranking.json").read_text())["verdict"]
    assert verdict["kind"] == "tied"
    assert sentence.startswith(
        f"{verdict['best']} leads lightfm, the model, by {verdict['lead']['ndcg@10']['mean']:.4f}"
    )
    dvc, *command = shlex.split(advised.partition(": ")[2].replace("trials=64", "trials=2"))
    assert dvc == "dvc"
    project.dvc(*command, "-S", "search.families=[ease,item_knn]", "-S", "learning_curve.every=0")
    said = project.recommender("summary").stdout
    best = json.loads(project.path("search/best.json").read_text())["family"]
    assert f" model ({best}) " in said
    assert "search.trials" not in said


def numbers(pattern: str, text: str) -> list[int]:
    found = re.search(pattern, text, flags=re.MULTILINE)
    assert found, text
    return [int(number) for number in found.groups()]
