"""A release needs the storage that the commit names, and who one is there may be one's own secret."""

from pathlib import Path

import pytest
from projects import Project
from remote.servers import Server

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("server", ["webdav"], indirect=True)
def test_the_password_is_taken_from_ones_own_settings(server: Server, reproduced: Project, tmp_path: Path) -> None:
    project = Project(reproduced.copy(tmp_path / "project").root, dict(server.environment))
    project.dvc("remote", "modify", "storage", "url", server.url)
    project.commit("Move the storage")
    release = ("release", "v1.0.0", "--dry-run")
    refused = project.recommender(*release, check=False)
    assert "the remote storage cannot be checked: " in refused.stderr
    assert refused.stderr.count("\n") == 1

    for option, value in server.options.items():
        project.dvc("remote", "modify", "--local", "storage", option, value)
    assert "not in the remote storage; `dvc push` first" in project.recommender(*release, check=False).stderr
    project.dvc("push", "--quiet")
    assert project.recommender(*release).stdout == "v1.0.0 can be released\n"
