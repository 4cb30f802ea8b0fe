"""Vega without a network: the page in which DVC shows its plots, and the pictures of the docs."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import vl_convert

HERE = Path(__file__).parent
VEGA_LITE = "5.21"
"""The newest version of the schema that the templates in `.dvc/plots` name."""

BY_K = "Metrics of lists by length, with intervals"
ROWS = [
    ["Families, and their leads over the model"],
    [BY_K],
    ["Metrics by how much users have interacted, with intervals"],
    ["Precision against coverage", "What is recommended and what is consumed"],
    ["Learning curve"],
]


def page() -> str:
    """Write Vega into the page."""
    vega = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed", vl_version=VEGA_LITE)
    return (HERE / "page.html").read_text().replace("{vega}", vega)


def plots(*command: str) -> dict[str, Any]:
    """Have DVC fill its templates: the Vega-Lite of each plot that has data, by title."""
    command = ("dvc", "plots", *command, "--json")
    shown = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)["data"]
    return {title: drawn[0]["content"] for title, drawn in shown.items() if drawn}


def draw(name: str, spec: dict[str, Any]) -> None:
    """Draw Vega-Lite as SVG."""
    drawn = vl_convert.vegalite_to_svg({"background": "white", **spec}, vl_version=VEGA_LITE)
    (HERE.parent / name).write_text(drawn + "\n")


def pictures() -> None:
    """Draw the metrics of what lies here, and all plots of the last commit beside the experiment `wider`."""
    draw("metrics.svg", plots("show")[BY_K])
    both = plots("diff", "HEAD", "wider")
    apart = {"scale": dict.fromkeys(["color", "shape", "strokeDash"], "independent")}
    rows = [{"hconcat": [both[title] for title in row], "resolve": apart} for row in ROWS]
    draw("plots.svg", {"vconcat": rows, "resolve": apart})


if __name__ == "__main__":
    if sys.argv[1:] == ["pictures"]:
        pictures()
    else:
        sys.stdout.write(page())
