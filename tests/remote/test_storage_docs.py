"""docs/storage.md says what is true: DVC takes each of its commands, and they keep `verify`."""

import configparser
import re
import shlex
import sys
from pathlib import Path

from projects import CHECKOUT, Project
from remote.servers import Folder

# One process for all: DVC takes two seconds to start.
RUN_ALL = """\
import shlex, sys
from pathlib import Path
from dvc.cli import main, parse_args
from dvc.config import Config
for line in sys.stdin.read().splitlines():
    parse_args(shlex.split(line)[1:])
    if line.startswith("dvc remote modify"):
        if " url " in line:
            Path(".dvc/config.local").unlink(missing_ok=True)
            Path(".dvc/config").write_text(sys.argv[1])
        assert main(shlex.split(line)[1:]) == 0, line
        assert Config(".dvc")["remote"]["storage"]["verify"], line
"""


def documented() -> list[str]:
    """The DVC commands in the tables, from top to bottom."""
    text = (CHECKOUT / "docs/storage.md").read_text(encoding="utf-8")
    return re.findall(r"(?:`|&& )(dvc [^`]+)`", "\n".join(line for line in text.splitlines() if line.startswith("|")))


def test_dvc_takes_every_documented_command(tmp_path: Path) -> None:
    commands = documented()
    schemes = {name for name in ("ssh", "s3", "webdavs", "https", "gs", "azure") if f" {name}://" in " ".join(commands)}
    assert len(schemes) == 6
    project = Project(tmp_path)
    project.dvc("init", "--no-scm", "--quiet")
    given = shlex.join([sys.executable, "-c", RUN_ALL, (CHECKOUT / ".dvc/config").read_text()])
    project.path("commands").write_text("\n".join(commands))
    project.run("bash", "-c", f"{given} < commands")


def test_the_default_storage_is_the_documented_one_and_what_comes_from_it_is_verified(tmp_path: Path) -> None:
    settings = configparser.ConfigParser()
    settings.read_string(re.sub("^ +", "", (CHECKOUT / ".dvc/config").read_text(), flags=re.MULTILINE))
    remote = settings["'remote \"storage\"'"]
    assert f"`{remote['url']}`" in (CHECKOUT / "docs/storage.md").read_text(encoding="utf-8")
    assert remote["url"] == Folder(tmp_path).url
    assert remote["verify"] == "true"
