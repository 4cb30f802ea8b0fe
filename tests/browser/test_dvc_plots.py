"""DVC's own page of plots, after `make plots`, in a browser that has no network."""

import os
import subprocess
from pathlib import Path

from browser.conftest import Open
from projects import CHECKOUT, Project

VEGA = Path("build/vega")


def make_plots(project: Project) -> None:
    """Run what `make plots` runs; Vega comes from the package index if the checkout does not have it yet."""
    (CHECKOUT / VEGA).mkdir(parents=True, exist_ok=True)
    project.path("build").mkdir()
    project.path(str(VEGA)).symlink_to(CHECKOUT / VEGA)
    # In the environment of whoever runs the tests, where the settings of the index are.
    environment = {**os.environ, "PATH": project.env()["PATH"]}
    subprocess.run(["docs/plots/draw.sh"], cwd=project.root, env=environment, check=True)


def test_each_plot_that_has_data_is_drawn_without_a_network(project: Project, opened: Open) -> None:
    make_plots(project)
    project.dvc("plots", "show", "-o", "shown")
    window = opened(project.path("shown/index.html"), scripts=True)
    window.page.wait_for_load_state("networkidle")
    plots = {str(plot.get_attribute("id")): plot for plot in window.page.locator("body > div").all()}
    searched = {name for name in plots if name.startswith("Search_")}
    assert (len(plots), len(searched)) == (9, 3)
    for name, plot in plots.items():
        drawn = plot.locator("svg.marks .role-mark path")
        assert bool(drawn.count()) == (name not in searched), f"{name}: the sample has no search"
    assert not window.requested
    assert not [message for message in window.said if not message.startswith("The compiled spec uses Vega v5")]
