"""What the package, its badges and the hosted CI say of Python and the licence is the same everywhere."""

import re
import tomllib

import yaml
from projects import CHECKOUT

PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
WORKFLOW = (CHECKOUT / ".github/workflows/ci.yml").read_text(encoding="utf-8")


def test_the_badges_say_what_the_package_says() -> None:
    versions = [found[1] for line in PROJECT["classifiers"] if (found := re.search(r"Python :: (3\.\d+)$", line))]
    assert PROJECT["requires-python"] == f">={versions[0]},<3.{int(versions[-1][2:]) + 1}"
    assert f"<title>python: {' | '.join(versions)}</title>" in (CHECKOUT / "docs/badges/python.svg").read_text()
    assert f"<title>licence: {PROJECT['license']}</title>" in (CHECKOUT / "docs/badges/licence.svg").read_text()
    (job,) = yaml.safe_load(WORKFLOW)["jobs"].values()
    assert job["strategy"]["matrix"]["python"] == versions


def test_the_hosted_ci_runs_what_everybody_can_run_with_pinned_actions_and_no_rights() -> None:
    workflow = yaml.safe_load(WORKFLOW)
    assert workflow["permissions"] == {"contents": "read"}
    (job,) = workflow["jobs"].values()
    assert [step["run"].split()[-1] for step in job["steps"] if "run" in step] == [".ci/run"]
    for action in re.findall(r"uses: \S+@(\S+)", WORKFLOW):
        assert re.fullmatch(r"[0-9a-f]{40}", action), "a tag can be moved, a commit cannot"
