"""The pictures of the page. Each takes what it shows, and gives a figure."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter, StrMethodFormatter

from recommender.reporting.drawing import FONT, figure, styled
from recommender.reporting.palette import INK, MODEL, PLAIN, SERIES

ROW = 26
"""The height of a row of a chart, in pixels."""
LETTERS = 30
"""The most letters that fit side by side below a chart."""
LABELS = 10
"""The most numbers that do."""


class Mean(NamedTuple):
    """A mean with its interval."""

    mean: float
    low: float
    high: float


@styled
def ranked_means(means: Mapping[str, Mean], shipped: str, unit: str) -> Figure:
    """Draw a mean and its interval in a row for each name, from the best to the worst; `shipped` stands out."""
    drawn = figure(ROW * len(means) + 60)
    axes = drawn.add_subplot()
    names = sorted(means, key=lambda name: means[name].mean)
    for place, name in enumerate(names):
        _interval(axes, place, means[name], MODEL if name == shipped else PLAIN, "o" if name == shipped else "s")
    axes.set_yticks(range(len(names)), names)
    for label in axes.get_yticklabels():
        label.set_color(INK)
    axes.grid(axis="y", visible=False)
    axes.set_xlim(left=0)
    axes.set_xlabel(unit)
    axes.xaxis.set_major_locator(MaxNLocator(4))
    return drawn


@styled
def by_length(panels: Mapping[str, Mapping[str, Mapping[int, Mean]]]) -> Figure:
    """Draw means by the length of the list: a panel for each metric, a line for each name."""
    drawn = figure(150 * len(panels) + 50)
    axes = None
    for number, (title, series) in enumerate(panels.items()):
        axes = drawn.add_subplot(len(panels), 1, number + 1)
        for (name, means), (colour, mark, line) in zip(series.items(), SERIES, strict=False):
            places = sorted(means)
            axes.plot(places, [means[k].mean for k in places], color=colour, marker=mark, linestyle=line, label=name)
            axes.fill_between(
                places, [means[k].low for k in places], [means[k].high for k in places], color=colour, alpha=0.2, lw=0
            )
            axes.set_xticks(_apart(places))
        axes.set_ylim(bottom=0)
        axes.yaxis.set_major_locator(MaxNLocator(3))
        axes.set_title(title)
    if axes:
        axes.set_xlabel("programs in the list")
        _legend(drawn, axes)
    return drawn


@styled
def by_segment(segments: Sequence[str], series: Mapping[str, Sequence[Mean]], unit: str) -> Figure:
    """Draw means side by side for segments of users."""
    is_tight = sum(map(len, segments)) > LETTERS
    drawn = figure(250 + (8 * max(map(len, segments)) if is_tight else 0))
    axes = drawn.add_subplot()
    for number, ((name, means), (colour, mark, _)) in enumerate(zip(series.items(), SERIES, strict=False)):
        shift = 0.16 * (number - (len(series) - 1) / 2)
        for place, mean in enumerate(means):
            label = name if place == 0 else None
            _interval(axes, place + shift, mean, colour, mark, upright=True, label=label)
    axes.set_xticks(range(len(segments)), segments, rotation=90 if is_tight else 0)
    axes.set_xlim(-0.5, len(segments) - 0.5)
    axes.grid(axis="x", visible=False)
    axes.set_ylim(bottom=0)
    axes.set_xlabel("programs that the user has")
    axes.set_title(unit)
    _legend(drawn, axes)
    return drawn


@styled
def growth(periods: Sequence[str], panels: Mapping[str, Sequence[int]]) -> Figure:
    """Draw numbers by period: a panel of bars for each."""
    drawn = figure(120 * len(panels) + 20)
    for number, (title, values) in enumerate(panels.items()):
        axes = drawn.add_subplot(len(panels), 1, number + 1)
        axes.bar(range(len(values)), values, color=MODEL, width=0.8)
        axes.grid(axis="x", visible=False)
        axes.yaxis.set_major_locator(MaxNLocator(3, integer=True))
        axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
        axes.set_title(title)
        step = max(1, -(-len(periods) // 4))
        shown = range(0, len(periods), step)
        axes.set_xticks(shown, [periods[place] for place in shown])
    return drawn


@styled
def by_popularity(shares: Mapping[str, Sequence[float]]) -> Figure:
    """Draw which share goes to each tenth of the catalogue, from the most popular to the least."""
    drawn = figure(250)
    axes = drawn.add_subplot()
    for (name, values), (colour, mark, line) in zip(shares.items(), SERIES, strict=False):
        axes.plot(range(1, len(values) + 1), values, color=colour, marker=mark, linestyle=line, label=name)
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axes.set_ylim(bottom=0)
    axes.set_xticks(range(1, 11, 3))
    axes.set_xlabel("tenth of the catalogue, most popular first")
    _legend(drawn, axes)
    return drawn


@styled
def curve(values: Mapping[int, float], unit: str) -> Figure:
    """Draw a metric by epoch."""
    drawn = figure(200)
    axes = drawn.add_subplot()
    axes.plot(list(values), list(values.values()), color=MODEL, marker="o", markersize=3)
    axes.set_ylim(bottom=0)
    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.set_xlabel("epoch")
    axes.set_title(unit)
    return drawn


@styled
def trials(scores: Mapping[str, Mapping[int, float]], best: Mapping[str, Mapping[int, float]]) -> Figure:
    """Draw scores by trial, and the best so far, in a panel for each family."""
    rows = -(-len(scores) // 2)
    drawn = figure(130 * rows + 40)
    panels = drawn.subplots(rows, 2, sharey=True, squeeze=False).ravel()
    for axes, (family, values) in zip(panels, scores.items(), strict=False):
        axes.plot(list(values), list(values.values()), "o", markersize=4, color=PLAIN, label="a trial")
        so_far = best[family]
        axes.step(list(so_far), list(so_far.values()), where="post", color=MODEL, linewidth=2, label="the best so far")
        axes.set_title(family)
        axes.set_ylim(bottom=0)
        axes.xaxis.set_major_locator(MaxNLocator(3, integer=True))
    for empty in panels[len(scores) :]:
        empty.remove()
    drawn.supxlabel("trial", fontsize=FONT)
    _legend(drawn, panels[0])
    return drawn


def _interval(
    axes: Axes, place: float, of: Mean, colour: str, mark: str, *, upright: bool = False, label: str | None = None
) -> None:
    along, points = [of.low, of.high], [place, place]
    if upright:
        axes.plot(points, along, color=colour, linewidth=2)
        axes.plot([place], [of.mean], color=colour, marker=mark, linestyle="", label=label)
    else:
        axes.plot(along, points, color=colour, linewidth=2)
        axes.plot([of.mean], [place], color=colour, marker=mark, linestyle="", label=label)


def _apart(places: Sequence[int]) -> list[int]:
    """Choose those places whose labels do not touch."""
    chosen = list(places[:1])
    for place in places[1:]:
        if (place - chosen[-1]) * LABELS >= places[-1] - places[0]:
            chosen.append(place)
    return chosen


def _legend(drawn: Figure, axes: Axes) -> None:
    handles, labels = axes.get_legend_handles_labels()
    drawn.legend(handles, labels, loc="outside upper left", ncols=1 if max(map(len, labels)) > 18 else 2)
