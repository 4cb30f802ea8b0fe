"""`recommender summary`: what went in, how good the model is, where everything lies, and what to do next."""

import argparse
import io
from typing import Any

from recommender.project import project_root
from recommender.serving.lock import Lock
from recommender.serving.workspace import Workspace

ARTIFACTS = {
    "models/lightfm.pkl": "LightFM, for notebooks: joblib.load gives a plain model",
    "models/lightfm_dataset.pkl": "its id mapping, likewise: a plain LightFM Dataset",
    "models/factors.npz": "the model as arrays: loading it cannot run code",
    "data/recommendations/recommendations.parquet": "the best programs for every user",
    "metrics/report.html": "a page for those who decide: `recommender report`",
    "metrics/": "numbers: `dvc metrics show`, `dvc plots show`",
}
COUNTS = ("users", "programs", "interactions", "positives", "dropped_rows")
EXAMPLES = 3


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser("summary", help="what the last run gave", description=__doc__)
    parser.set_defaults(run=run)


def run(_: argparse.Namespace) -> None:
    """Print the summary."""
    from recommender.cli._advice import advice, model_name
    from recommender.cli._table import print_table
    from recommender.serving.recommender import Recommender
    from recommender.serving.source import read_metrics

    root = project_root()
    workspace = Workspace(root)
    data = read_metrics(workspace, "validate", "data.json")
    ranking = read_metrics(workspace, "evaluate", "ranking.json")
    print_table(
        [name.replace("_", " ") for name in COUNTS],
        [[f"{data[name]:,}" for name in COUNTS]],
        title="Data",
    )
    headlines = list(ranking["popularity"])
    leads = ranking["model_minus"]
    print_table(
        ["", *headlines, f"model leads by, {headlines[0]}"],
        [
            [shown, *(f"{ranking[name][metric]:.4f}" for metric in headlines), _lead(leads.get(name, {}), headlines[0])]
            for name, shown in {"model": model_name(ranking), **{name: name for name in leads}}.items()
        ],
        right=headlines,
        title=f"Ranking of unseen interactions, {ranking['users']:,} users",
    )
    for line in _not_tested(workspace):
        print(line)
    print_table(["artifact", "what it is"], ARTIFACTS.items(), title="Artifacts")
    recommender = Recommender.load(repo=root)
    user_id = recommender.ids.user_ids[0]
    print_table(
        ["rank", "program", "title", "score"],
        [[str(r.rank), r.program_id, r.title, f"{r.score:.4f}"] for r in recommender.recommend(user_id, EXAMPLES)],
        title=f"For user {user_id}",
    )
    for line in advice(ranking, _params(workspace.lock, "search", "evaluate")):
        print(line)


def _not_tested(workspace: Workspace) -> list[str]:
    """Say who is tested, who is not and why; nothing, if everybody is."""
    from recommender.cli._user_counts import count_users
    from recommender.files.arrays import read_coo

    artifacts = (("matrix", "interactions.npz"), ("split", "train.npz"), ("split", "test.npz"))
    found = count_users(*(read_coo(io.BytesIO(workspace.read(*artifact))) for artifact in artifacts))
    if found.tested == found.users:
        return []
    # What the test positives are among, where they are not a share of each user's.
    kind = {"time": "latest", "given": "given"}.get(_params(workspace.lock, "split")["split"]["strategy"])
    among = f" of the {found.test_positives + found.unknown_positives:,} {kind}" if kind else ""
    trained = "none of their positives is among these" if kind else "their one positive stays to train on"
    reasons = {
        f"split.cold_users is false, and all of their positives ({found.unknown_positives:,}) are among these": (
            found.unknown
        ),
        trained: found.only_trained,
        "they have no positive": found.without_positives,
    }
    return [
        f"{found.tested:,} of {found.users:,} users are tested, by {found.test_positives:,}{among} positives.",
        *(f"{count:,} are not, since {reason}." for reason, count in reasons.items() if count),
        "",
    ]


def _params(lock: Lock, *stages: str) -> dict[str, dict[str, Any]]:
    """Give the parameters that stages ran with, a later one's where two differ: others may have run with older ones."""
    return Lock({stage: lock.stages[stage] for stage in stages if stage in lock.stages}).params()


def _lead(lead: dict[str, dict[str, float]], metric: str) -> str:
    if not lead:
        return ""
    interval = lead[metric]
    return f"{interval['mean']:+.4f} [{interval['low']:+.4f}, {interval['high']:+.4f}]"
