"""Real projects for the tests: this checkout, copied to a folder of its own, with a real Git and a real DVC."""

import compileall
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from warm import python_m

CHECKOUT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Project:
    """A copy of this checkout, in which commands run as a user runs them."""

    root: Path
    environment: dict[str, str] = field(default_factory=dict)

    def run(self, *command: str, check: bool = True, **environment: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            command, cwd=self.root, env=self.env(environment), capture_output=True, text=True, check=False
        )
        return ended(done, check=check)

    def env(self, more: dict[str, str] | None = None) -> dict[str, str]:
        binaries = Path(sys.executable).parent
        return {
            **os.environ,
            "PATH": f"{binaries}{os.pathsep}{os.environ['PATH']}",
            # The copy's own sources, and not the checkout's, which are installed.
            "PYTHONPATH": str(self.root / "src"),
            # The default storage and the cache of loaded releases are below the home folder.
            "HOME": str(self.root.parent / "home"),
            "XDG_CACHE_HOME": str(self.root.parent / "home/cache"),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_AUTHOR_NAME": "Test",
            "GIT_AUTHOR_EMAIL": "test@example.org",
            "GIT_COMMITTER_NAME": "Test",
            "GIT_COMMITTER_EMAIL": "test@example.org",
            **self.environment,
            **(more or {}),
        }

    def dvc(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        return ended(python_m("dvc", *arguments, folder=self.root, environment=self.env()), check=check)

    def git(self, *arguments: str) -> str:
        return self.run("git", *arguments).stdout

    def recommender(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        return ended(python_m("recommender", *arguments, folder=self.root, environment=self.env()), check=check)

    def repro(self, *arguments: str) -> list[str]:
        """Run `dvc repro` and name the stages that ran, in order; what came from the run cache counts as run."""
        return stages_run(self.dvc("repro", *arguments).stdout)

    def commit(self, message: str = "Work") -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)

    def path(self, name: str) -> Path:
        return self.root / name

    def replace(self, name: str, old: str, new: str) -> None:
        path = self.root / name
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{name} has no {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def copy(self, root: Path) -> "Project":
        shutil.copytree(self.root, root, symlinks=True)
        return Project(root, dict(self.environment))

    def copy_with_home(self, folder: Path) -> "Project":
        """Copy the project and what lies beside it: the home folder, with the storage and the caches."""
        shutil.copytree(self.root.parent, folder, symlinks=True)
        return Project(folder / self.root.name, dict(self.environment))


Once = Callable[[str, Callable[[Path], object]], Project]
"""What makes a project that is costly to make, by its name, in one of the test processes for all of them."""


def ended(done: subprocess.CompletedProcess[str], *, check: bool) -> subprocess.CompletedProcess[str]:
    if check and done.returncode:
        pytest.fail(f"{' '.join(done.args)} exited with {done.returncode}:\n{done.stdout}\n{done.stderr}")
    return done


def stages_run(output: str) -> list[str]:
    return re.findall(r"^(?:Running stage|Stage) '([^']+)'(?::| is cached)", output, flags=re.MULTILINE)


def copied_checkout(root: Path) -> Project:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=True).stdout.split("\0")
    compiled = [str(path.relative_to(CHECKOUT)) for path in CHECKOUT.glob("src/**/*.so")]
    for name in filter(None, [*listed, *compiled]):
        if (CHECKOUT / name).is_file():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(CHECKOUT / name, root / name)
    compileall.compile_dir(root / "src", quiet=2)  # once, and not in each command of each copy
    project = Project(root)
    project.git("init", "--quiet", "--initial-branch", "main")
    project.commit("The project as it is shipped")
    project.git("repack", "-a", "-d", "--quiet")  # one file to copy, and not hundreds
    return project
