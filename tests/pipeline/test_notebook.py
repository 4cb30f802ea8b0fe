"""With the notebook's data and parameters, the pipeline gives the notebook's model, bit for bit."""

import csv
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from projects import Project

NOTEBOOK = """
import sys
import joblib
import pandas as pd
from lightfm import LightFM
from lightfm.data import Dataset

users = pd.read_csv("users.csv")
programs = pd.read_csv("programs.csv")
interactions = pd.read_csv("interactions.csv")
dataset = Dataset()
dataset.fit(users["user_id"], programs["program_id"])
matrix, _ = dataset.build_interactions(
    (row["user_id"], row["program_id"], row["interaction"]) for _, row in interactions.iterrows()
)
model = LightFM(no_components=10, loss="warp", random_state=42)
model.fit(matrix, epochs=20, num_threads=1)
joblib.dump(model, "lightfm.pkl")
joblib.dump(dataset, "lightfm_dataset.pkl")
"""

BARE_SESSION = """
import sys

class NotInstalled:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "recommender":
            raise ImportError(f"{name} is not installed here")

sys.meta_path.insert(0, NotInstalled())
import joblib
import numpy as np
from lightfm import LightFM
from lightfm.data import Dataset

folder, copy = sys.argv[1:]
model = joblib.load(f"{folder}/lightfm.pkl")
dataset = joblib.load(f"{folder}/lightfm_dataset.pkl")
assert type(model) is LightFM
assert type(dataset) is Dataset
users, _, programs, _ = dataset.mapping()
assert all(type(key) is str and type(value) is int for key, value in [*users.items(), *programs.items()])
scores = model.predict(users["u_0"], np.arange(len(programs)))
names = np.array(list(programs))[np.argsort(-scores)]
np.savez(
    copy,
    users=np.array(list(users)),
    programs=np.array(list(programs)),
    best=names[:3],
    random=model.random_state.rand(3),
    **{name: value for name, value in vars(model).items() if isinstance(value, np.ndarray)},
)
"""


def write_notebook_data(folder: Path) -> None:
    """Make data of the notebook's shape: 100 users, 6 programs, two likes a user in no order, further columns."""
    random = np.random.RandomState(7)
    users = [f"u_{i},data and drawing,{random.randint(100, 200) / 10}" for i in range(100)]
    programs = [f'Program {i},"Algorithms, design",tags,p_{i}' for i in range(6)]
    likes = [f"u_{u},p_{p},1" for u in random.permutation(100) for p in random.choice(6, 2, replace=False)]
    for name, header, rows in (
        ("users", "user_id,interests_text,avg_grade", users),
        ("programs", "name,description,tags_text,program_id", programs),
        ("interactions", "user_id,program_id,interaction", likes),
    ):
        (folder / f"{name}.csv").write_text("\n".join([header, *rows, ""]), encoding="utf-8")


def in_bare_session(folder: Path, copy: Path) -> dict[str, np.ndarray]:
    subprocess.run([sys.executable, "-c", BARE_SESSION, str(folder), str(copy)], check=True)
    with np.load(copy) as arrays:
        return dict(arrays)


@pytest.mark.slow
@pytest.mark.parametrize("source", ["generated", "original"])
def test_the_pipeline_gives_the_notebooks_model(source: str, project: Project, tmp_path: Path) -> None:
    notebook = tmp_path / "notebook"
    notebook.mkdir()
    original = Path(__file__).parents[3] / "shared/data/notebook"
    if source == "original":
        if not original.is_dir():
            pytest.skip("the notebook's own data is not here; the generated one has its shape")
        for path in original.glob("*.csv"):
            (notebook / path.name).write_bytes(path.read_bytes())
    else:
        write_notebook_data(notebook)
    subprocess.run([sys.executable, "-c", NOTEBOOK], cwd=notebook, check=True)

    tables = [
        word for name in ("users", "programs", "interactions") for word in (f"--{name}", f"{notebook}/{name}.csv")
    ]
    project.recommender("import", *tables)
    project.dvc("repro", "train")

    expected = in_bare_session(notebook, tmp_path / "expected.npz")
    found = in_bare_session(project.path("models"), tmp_path / "found.npz")
    assert expected.keys() == found.keys()
    for name, array in expected.items():
        assert found[name].dtype == array.dtype, name
        assert found[name].tobytes() == array.tobytes(), name

    shown = project.recommender("recommend", "u_0", "-k", "3", "--include-seen", "--format", "csv").stdout
    assert [row["program_id"] for row in csv.DictReader(shown.splitlines())] == list(expected["best"])
    if source == "original":
        assert list(expected["best"]) == ["p_0", "p_3", "p_2"]
