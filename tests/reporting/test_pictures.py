"""Pictures show what they are given: all of it, at its place, and whatever it is."""

import math
import re
from itertools import pairwise

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from recommender.reporting import pictures
from recommender.reporting.drawing import inline
from recommender.reporting.palette import MODEL, PLAIN
from recommender.reporting.pictures import Mean

NONE = Mean(0.0, 0.0, 0.0)


Line = tuple[list[float], list[float]]


def lines(axes: Axes) -> list[Line]:
    """The lines and marks of a panel, in the data's coordinates."""
    found = [np.asarray(line.get_xydata()) for line in axes.get_lines()]
    return [(points[:, 0].tolist(), points[:, 1].tolist()) for points in found]


def marked(axes: Axes) -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = {}
    for line, points in zip(axes.get_lines(), lines(axes), strict=True):
        if line.get_marker() != "None":
            found.setdefault(str(line.get_label()), []).append(points)
    return found


def texts(drawn: Figure) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", inline(drawn, "name", ""))


def test_the_best_is_at_the_top_and_the_model_stands_out() -> None:
    drawn = pictures.ranked_means({"b": Mean(0.2, 0.1, 0.3), "best": Mean(0.9, 0.8, 1.0), "none": NONE}, "b", "unit")
    (axes,) = drawn.axes
    assert [label.get_text() for label in axes.get_yticklabels()] == ["none", "b", "best"]
    assert lines(axes)[2:] == [([0.1, 0.3], [1, 1]), ([0.2], [1]), ([0.8, 1.0], [2, 2]), ([0.9], [2])]
    assert [to_hex(str(line.get_color())) for line in axes.get_lines()] == [PLAIN, PLAIN, MODEL, MODEL, PLAIN, PLAIN]
    assert [line.get_marker() for line in axes.get_lines()][1::2] == ["s", "o", "s"]
    assert axes.get_xlim()[0] == 0
    assert texts(drawn)[-1] == "best"


def test_each_metric_has_a_panel_with_a_line_for_each_name_by_length() -> None:
    a = {20: Mean(0.3, 0.2, 0.4), 5: Mean(0.5, 0.4, 0.7)}
    drawn = pictures.by_length({"precision": {"a": a, "b": {5: NONE, 20: NONE}}, "recall": {"a": a}})
    above, below = drawn.axes
    assert (above.get_title("left"), below.get_title("left")) == ("precision", "recall")
    assert marked(above) == {"a": [([5, 20], [0.5, 0.3])], "b": [([5, 20], [0, 0])]}
    assert marked(below) == {"a": [([5, 20], [0.5, 0.3])]}
    (band,) = below.collections
    corners = {tuple(map(float, corner)) for path in band.get_paths() for corner in np.asarray(path.vertices)}
    assert corners == {(5, 0.4), (5, 0.7), (20, 0.2), (20, 0.4)}
    assert above.get_ylim()[0] == below.get_ylim()[0] == 0
    assert below.get_xlabel()


@pytest.mark.parametrize(
    ("lengths", "labelled"),
    [
        ([7], [7]),
        ([20, 5, 10], [5, 10, 20]),
        ([1, 2, 3, 5, 10, 20, 50], [1, 10, 20, 50]),
        (list(range(1, 12)), list(range(1, 12))),
        (list(range(1, 13)), [1, 3, 5, 7, 9, 11]),
    ],
)
def test_lengths_are_labelled_where_there_is_room(lengths: list[int], labelled: list[int]) -> None:
    (axes,) = pictures.by_length({"recall": {"a": dict.fromkeys(lengths, NONE)}}).axes
    assert axes.get_xticks().tolist() == labelled


@pytest.mark.parametrize(
    ("names", "angle"),
    [(["0", "1-5", "6-20", "21-100", "101+"], 0), (["0", "1-5", "6-20", "21-100", "101-1000", "1001-10000"], 90)],
)
def test_names_of_segments_do_not_run_into_each_other(names: list[str], angle: int) -> None:
    (axes,) = pictures.by_segment(names, {"a": [NONE] * len(names)}, "unit").axes
    assert {label.get_rotation() for label in axes.get_xticklabels()} == {angle}


def test_segments_stand_side_by_side_without_overlap() -> None:
    series = {name: [Mean(0.3, 0.2, 0.4), Mean(0.5, 0.1, 0.9)] for name in ("a", "b", "c")}
    (axes,) = pictures.by_segment(["0", "1-5"], series, "ndcg@10").axes
    assert [label.get_text() for label in axes.get_xticklabels()] == ["0", "1-5"]
    middles = lines(axes)[1::2]
    places = sorted(place for (place,), _ in middles)
    assert [round(place) for place in places] == [0, 0, 0, 1, 1, 1]
    assert (places[1], places[4]) == (0, 1)
    assert all(later - earlier > 0.1 for earlier, later in pairwise(places))
    assert [along for _, along in lines(axes)[::2]] == [[0.2, 0.4], [0.1, 0.9]] * 3
    assert [value for _, (value,) in middles] == [0.3, 0.5] * 3
    assert axes.get_legend_handles_labels()[1] == ["a", "b", "c"]


@pytest.mark.parametrize("n", [1, 4, 5, 48])
def test_each_period_has_a_bar_and_few_have_a_label(n: int) -> None:
    names = [f"2020-{number:02}" for number in range(n)]
    (axes, _) = pictures.growth(names, {"interactions": list(range(n)), "new users": [0] * n}).axes
    assert [bar.get_height() for bar in axes.patches] == list(range(n))  # type: ignore[attr-defined]
    labels = [label.get_text() for label in axes.get_xticklabels()]
    assert labels[0] == names[0]
    assert min(n, 2) <= len(labels) <= 4
    for label, place in zip(labels, axes.get_xticks(), strict=True):
        assert names[int(place)] == label


def test_tenths_begin_with_the_most_popular() -> None:
    values = [0.5, 0.2, *[0.3 / 8] * 8]
    (axes,) = pictures.by_popularity({"recommended": values, "chosen": [0.1] * 10}).axes
    assert marked(axes) == {"recommended": [(list(range(1, 11)), values)], "chosen": [(list(range(1, 11)), [0.1] * 10)]}


def test_a_curve_is_by_epoch() -> None:
    (axes,) = pictures.curve({5: 0.1, 10: 0.4, 12: 0.3}, "unit").axes
    assert lines(axes) == [([5, 10, 12], [0.1, 0.4, 0.3])]
    assert axes.get_title("left") == "unit"


@pytest.mark.parametrize("n", [1, 2, 3, 6])
def test_trials_of_each_family_have_a_panel_and_no_panel_is_empty(n: int) -> None:
    scores = {f"family {number}": {0: 0.1, 1: 0.3, 2: 0.2} for number in range(n)}
    best = {family: {0: 0.1, 1: 0.3, 2: 0.3} for family in scores}
    drawn = pictures.trials(scores, best)
    assert [axes.get_title("left") for axes in drawn.axes] == list(scores)
    for axes in drawn.axes:
        assert lines(axes) == [([0, 1, 2], [0.1, 0.3, 0.2]), ([0, 1, 2], [0.1, 0.3, 0.3])]


MANY = [f"{20_000_000 * number + 1}-{20_000_000 * (number + 1)}" for number in range(100)] + ["2000000001+"]
"""As many segments as the settings allow, with the longest names."""
EXTREMES = {
    "nothing but zeros": lambda: pictures.ranked_means({"a": NONE, "b": NONE}, "a", "unit"),
    "next to nothing": lambda: pictures.ranked_means({"a": Mean(1e-6, 0, 2e-6)}, "a", "unit"),
    "long names": lambda: pictures.ranked_means({"x" * 30: NONE, "y": NONE}, "y", "ndcg@1000000, mean over users"),
    "one length": lambda: pictures.by_length({"recall": {"a": {1: NONE}}, "map": {"a": {1: NONE}}}),
    "all lengths": lambda: pictures.by_length({"recall": {"a": dict.fromkeys(range(1, 101), Mean(0.5, 0.4, 0.6))}}),
    "one segment": lambda: pictures.by_segment(["0+"], {"a": [NONE], "b": [NONE]}, "unit"),
    "many segments": lambda: pictures.by_segment(MANY, {"x" * 30: [NONE] * 101, "b": [NONE] * 101}, "unit"),
    "one period": lambda: pictures.growth(["2024-01"], {"interactions": [1], "new users": [1]}),
    "many interactions": lambda: pictures.growth(["1"] * 48, {"interactions": [10**12] * 48, "new users": [0] * 48}),
    "no shares": lambda: pictures.by_popularity({"recommended": [math.nan] * 10, "chosen": [0.0] * 10}),
    "one epoch": lambda: pictures.curve({1: 0.0}, "unit"),
    "one trial": lambda: pictures.trials({"a": {0: 0.0}}, {"a": {0: 0.0}}),
}


@pytest.mark.parametrize("name", EXTREMES)
def test_nothing_is_too_little_or_too_much_to_be_drawn(name: str) -> None:
    assert inline(EXTREMES[name](), "name", "").startswith("<svg")
