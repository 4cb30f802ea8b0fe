"""What is drawn can be told apart, and can be seen without a network."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from projects import CHECKOUT, Project

from recommender.settings.families import SETTINGS

TEMPLATES = CHECKOUT / ".dvc/plots"
OF_MODELS = ["by_k", "by_model", "by_segment", "precision_and_coverage", "families"]
OF_REVISIONS = ["learning_curve", "search_trials", "search_by_setting", "search_importance"]
MODELS = {"model", *SETTINGS, "popularity", "random"}
CONSUMED = "consumed"
"""What stands beside the models where their lists are compared with what users chose."""


def scales(template: str, field: str) -> list[dict[str, Any]]:
    """The scales of all encodings of a field."""

    def walk(node: Any) -> list[dict[str, Any]]:
        if isinstance(node, list):
            return [found for child in node for found in walk(child)]
        if not isinstance(node, dict):
            return []
        own = [node["scale"]] if node.get("field") == field and "range" in node.get("scale", {}) else []
        return own + [found for child in node.values() for found in walk(child)]

    return walk(json.loads((TEMPLATES / f"{template}.json").read_text(encoding="utf-8")))


@pytest.mark.parametrize("template", OF_MODELS)
def test_each_model_has_the_same_looks_in_all_plots(template: str) -> None:
    looks: dict[str, set[str]] = {}
    for name in OF_MODELS:
        for scale in scales(name, "model"):
            for model, look in zip(scale["domain"], scale["range"], strict=True):
                looks.setdefault(model, set()).add(look)
    assert set(looks) == MODELS | {CONSUMED}
    assert all(len(look) == 2 for look in looks.values()), "a colour and a shape each"
    assert len(set().union(*looks.values())) == 2 * len(looks), "and no two alike"
    (first, *_) = scales(template, "model")
    assert set(first["domain"]) >= MODELS


@pytest.mark.parametrize("template", OF_REVISIONS)
def test_a_revision_never_has_the_colour_of_a_model(template: str) -> None:
    (revisions,) = scales(template, "rev")
    models = {colour for name in OF_MODELS for scale in scales(name, "model") for colour in scale["range"]}
    assert not models & set(revisions["range"])


def test_every_template_is_of_models_or_of_revisions_and_is_used() -> None:
    declared = (CHECKOUT / "dvc.yaml").read_text(encoding="utf-8")
    used = re.findall(r"^      template: (\w+)$", declared, flags=re.MULTILINE)
    assert sorted(used) == sorted([*OF_MODELS, *OF_REVISIONS]) == sorted(path.stem for path in TEMPLATES.glob("*.json"))


def test_the_page_that_make_plots_writes_takes_nothing_from_elsewhere(project: Project, tmp_path: Path) -> None:
    template = (CHECKOUT / "docs/plots/page.html").read_text(encoding="utf-8")
    project.path(".dvc/plots/page.html").write_text(template.replace("{vega}", "/* Vega */"), encoding="utf-8")
    (setting,) = re.findall(r"dvc (config --local .*)", (CHECKOUT / "docs/plots/draw.sh").read_text(encoding="utf-8"))
    project.dvc(*setting.split())
    project.dvc("plots", "show", "-o", str(tmp_path / "shown"))
    page = (tmp_path / "shown/index.html").read_text(encoding="utf-8")
    assert "/* Vega */" in page
    assert page.count("vegaEmbed('#") == 9
    assert not re.findall(r"<(?:script|link|img)[^>]*(?:src|href)", page)
    assert not project.git("status", "--porcelain")
