"""A figure is the same bytes wherever it is drawn, follows the page's colours, and stays text."""

import functools
import hashlib
import logging
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import matplotlib as mpl
import pytest
from matplotlib import font_manager
from matplotlib.figure import Figure

from recommender.reporting import pictures
from recommender.reporting.drawing import figure, inline, styled
from recommender.reporting.palette import INK, VARIABLES
from recommender.reporting.pictures import Mean

MEAN = Mean(0.3, 0.2, 0.4)
NONE = Mean(0.0, 0.0, 0.0)
SERIES = {"lightfm (ours)": [MEAN, NONE], "ease": [NONE, MEAN], "popularity": [MEAN, MEAN]}
FIGURES: dict[str, Callable[[], Figure]] = {
    "rivals": lambda: pictures.ranked_means({"ease": MEAN, "popularity": NONE}, "ease", "ndcg@10"),
    "lengths": lambda: pictures.by_length(
        {
            metric: {name: dict(enumerate(means, 1)) for name, means in SERIES.items()}
            for metric in ("precision", "recall")
        }
    ),
    "segments": lambda: pictures.by_segment(["0", "1-5"], SERIES, "ndcg@10"),
    "growth": lambda: pictures.growth(["2024-01", "2024-02"], {"interactions": [1, 12345], "new users": [1, 0]}),
    "shares": lambda: pictures.by_popularity({"recommended": [0.1] * 10, "chosen": [0.2] * 10}),
    "curve": lambda: pictures.curve({1: 0.1, 2: 0.3}, "ndcg@10"),
    "trials": lambda: pictures.trials({"ease": {0: 0.1, 1: 0.2}}, {"ease": {0: 0.1, 1: 0.2}}),
}
ALL = pytest.mark.parametrize("name", FIGURES)
SCRIPT = """
import hashlib
import recommender.stages.report
from reporting.test_drawing import FIGURES, inline
for name, draw in FIGURES.items():
    print(name, hashlib.sha256(inline(draw(), name, name).encode()).hexdigest())
"""


@functools.cache
def digests() -> str:
    return "".join(
        f"{name} {hashlib.sha256(inline(draw(), name, name).encode()).hexdigest()}\n" for name, draw in FIGURES.items()
    )


def elsewhere(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Draw all of it in another process, in which no setting and no cache of this one counts."""
    home = folder / "home"
    home.mkdir(exist_ok=True)
    env = {
        name: value for name, value in os.environ.items() if not name.startswith(("MPL", "MATPLOTLIB", "XDG", "LC_"))
    }
    path = os.pathsep.join([*sys.path, str(Path(__file__).parents[1])])
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", SCRIPT],
        env=env | {"HOME": str(home), "PYTHONPATH": path} | environment,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def drawn(name: str) -> ET.Element:
    return ET.fromstring(inline(FIGURES[name](), name, "what is read out"))  # noqa: S314 - written just now


@styled
def labelled(title: str) -> Figure:
    made = figure(100)
    axes = made.add_subplot()
    axes.plot([1], [1], color=INK)
    axes.set_title(title)
    return made


def test_drawn_twice_it_is_the_same() -> None:
    assert digests() == digests.__wrapped__()


@pytest.mark.slow
@pytest.mark.parametrize(
    "environment",
    [{"PYTHONHASHSEED": "1", "LC_ALL": "C"}, {"PYTHONHASHSEED": "2", "LC_ALL": "C.UTF-8", "TZ": "Asia/Tokyo"}],
)
def test_another_process_draws_the_same_and_says_nothing(environment: dict[str, str], tmp_path: Path) -> None:
    done = elsewhere(tmp_path, **environment)
    assert (done.stdout, done.stderr) == (digests(), "")


@pytest.mark.slow
def test_where_no_cache_can_be_written_the_same_is_drawn_and_nothing_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = elsewhere(tmp_path, HOME=str(tmp_path / "file" / "no"), MPLCONFIGDIR=str(tmp_path / "file" / "neither"))
    assert (done.stdout, done.stderr) == (digests(), "")


@pytest.mark.slow
def test_other_fonts_of_the_same_name_move_nothing(tmp_path: Path) -> None:
    fonts = tmp_path / "home" / ".local" / "share" / "fonts"
    own = Path(mpl.get_data_path()) / "fonts" / "ttf"
    fonts.mkdir(parents=True)
    shutil.copy(own / "DejaVuSansMono-Bold.ttf", fonts / "DejaVuSans.ttf")
    shutil.copytree(fonts, tmp_path / "fonts")
    done = elsewhere(tmp_path, XDG_DATA_HOME=str(tmp_path))
    assert (done.stdout, done.stderr) == (digests(), "")


@pytest.mark.slow
@pytest.mark.parametrize("where", ["matplotlibrc", "home/.config/matplotlib/matplotlibrc"])
def test_what_somebody_has_set_for_figures_of_their_own_moves_nothing(where: str, tmp_path: Path) -> None:
    file = tmp_path / where
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("lines.markersize: 20\nlegend.fontsize: 30\naxes.formatter.use_locale: True\ntext.usetex: True\n")
    done = elsewhere(tmp_path)
    assert (done.stdout, done.stderr) == (digests(), "")


@ALL
def test_every_colour_is_one_of_the_page(name: str) -> None:
    svg = inline(FIGURES[name](), name, "")
    assert not [stand_in for stand_in in VARIABLES if stand_in in svg]
    used = set(re.findall(r"(?:fill|stroke|color): ([^;\"]+)", svg))
    assert used <= {"none", *(f"var(--{variable})" for variable, *_ in VARIABLES.values())}
    assert {"var(--soft)", "var(--grid)"} <= used
    assert not re.search(r"#[0-9a-f]{6}\b", svg)


@ALL
def test_letters_stay_text_in_the_pages_own(name: str) -> None:
    svg = inline(FIGURES[name](), name, "")
    assert "<text" in svg
    assert "font-family" not in svg
    assert "DejaVu" not in svg


@ALL
def test_a_figure_is_an_image_with_a_name_and_grows_with_the_page(name: str) -> None:
    root = drawn(name)
    assert set(root.attrib) == {"viewBox", "role", "aria-label"}
    assert (root.get("role"), root.get("aria-label")) == ("img", "what is read out")
    assert re.fullmatch(r"0 0 328 \d+", root.get("viewBox", ""))


@ALL
def test_nothing_says_when_or_by_what_it_was_drawn(name: str) -> None:
    svg = inline(FIGURES[name](), name, "")
    for said in ("metadata", "Matplotlib", "dc:date", "<!--", "<?xml", "http://matplotlib", "<style", "<script"):
        assert said not in svg


@ALL
def test_every_reference_leads_to_something_in_the_same_figure(name: str) -> None:
    root = drawn(name)
    ids = [element.get("id", "") for element in root.iter() if "id" in element.attrib]
    references = {
        found
        for element in root.iter()
        for value in element.attrib.values()
        for found in re.findall(r"#([^)]+)", value)
    }
    assert references
    assert references == set(ids)
    assert len(ids) == len(references)
    assert all(each.startswith(f"{name}-") for each in ids)


def test_two_figures_of_a_page_have_no_id_in_common() -> None:
    ids = [each for name in ("one", "two") for each in re.findall(r'id="([^"]+)"', inline(labelled("t"), name, ""))]
    assert len(ids) == len(set(ids)) > 2


def test_what_comes_from_the_data_is_text_and_nothing_else() -> None:
    hostile = "</text><script>alert(1)</script>&\"'"
    svg = inline(labelled(hostile), "name", hostile)
    root = ET.fromstring(svg)  # noqa: S314 - written just now
    assert root.get("aria-label") == hostile
    assert hostile in [element.text for element in root.iter()]
    assert "<script" not in svg


def test_a_drawing_leaves_the_settings_of_others_alone() -> None:
    before = dict(mpl.rcParams)
    inline(labelled("t"), "name", "")
    assert dict(mpl.rcParams) == before


def test_what_matplotlib_says_of_fonts_and_caches_is_not_passed_on() -> None:
    assert not logging.getLogger("matplotlib.font_manager").isEnabledFor(logging.WARNING)


def test_no_font_but_those_that_come_with_matplotlib_can_be_chosen() -> None:
    files = [font.fname for font in font_manager.fontManager.ttflist]
    assert any(file.endswith("DejaVuSans.ttf") for file in files)
    assert all(file.startswith(mpl.get_data_path()) for file in files)
