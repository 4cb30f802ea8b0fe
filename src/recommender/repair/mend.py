"""Finding and mending what a killed run left behind, so that the next one goes on."""

import time
from collections.abc import Callable, Iterator
from configparser import ConfigParser, Error
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from recommender.errors import RecommenderError
from recommender.files.atomic import open_atomically
from recommender.git import attempt
from recommender.repair.dvc_locks import held, without_strangers
from recommender.repair.lock_file import NAME, declared_stages, flaw, in_git, is_unmerged
from recommender.repair.processes import at_work, orphans

ASIDE = Path(".dvc/tmp/broken")
"""Where what was broken is kept, below the project's folder; Git ignores it."""
SETTLED = 2.0
"""After how many seconds a lock of Git's that nobody can be seen to hold is one that was left behind."""


@dataclass(frozen=True)
class Fault:
    """Something that a killed run left behind.

    Attributes
    ----------
    said
        What it is and what is done about it, in one line.
    mend
        Does that; DVC's locks must be held.
    is_gits
        Whether it is of Git and not of DVC, so that no Git may be at work.
    """

    said: str
    mend: Callable[[], object]
    is_gits: bool = False


def repair(root: Path) -> Iterator[str]:
    """Mend what a killed run left behind in a checkout, and say what was done, a line for each thing.

    When there is nothing, some small files are read and nothing is written or locked. A stage that goes on though its
    DVC was killed is waited for, since it writes the files that the next run will.

    Raises
    ------
    RecommenderError
        DVC or Git is at work here, a merge has to be ended first, or a file cannot be read or written.
    """
    try:
        for orphan in orphans(root):
            yield f"the stage {orphan.stage} of a killed run is still at work: waiting for process {orphan.pid} to end"
            while any(found == orphan for found in orphans(root)):
                time.sleep(0.1)
        if not list(_faults(root)):
            return
        with held(root):
            for fault in _faults(root):
                _require_nobody_at_work(root, fault)
                fault.mend()
                yield fault.said
    except FileNotFoundError as error:
        if error.filename != "git":
            raise
        raise RecommenderError("git cannot be run, and it has what a killed run may have cut off; install it") from None
    except OSError as error:
        at = f"{error.filename}: " if error.filename else ""
        raise RecommenderError(f"what a killed run left cannot be mended: {at}{error.strerror or error}") from None


def _faults(root: Path) -> Iterator[Fault]:
    if not (root / ".dvc").is_dir():
        return
    for find in (_rwlock, _lock_file, _run_cache, _index_lock):
        yield from find(root)


def _rwlock(root: Path) -> Iterator[Fault]:
    path = root / ".dvc/tmp/rwlock"
    try:
        right = without_strangers(path.read_bytes())
    except FileNotFoundError:
        return
    except ValueError:
        yield Fault("DVC's list of who works on what (.dvc/tmp/rwlock) was cut off: begun anew", path.unlink)
        return
    if right is not None:
        said = "DVC's list of who works on what (.dvc/tmp/rwlock) named processes that are not DVC's: taken out"
        yield Fault(said, partial(_write, path, right))


def _lock_file(root: Path) -> Iterator[Fault]:
    path = root / NAME
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return  # DVC never deletes it: somebody wants all to be run again, or nothing has been run
    declared, versions = declared_stages(root), list(in_git(root))
    if content in versions:
        return
    good = next((version for version in versions if not flaw(version, None, declared)), None)
    found = flaw(content, good, declared)
    if not found:
        return
    if not good and attempt(root, "rev-parse").returncode:
        raise RecommenderError(
            f"{NAME} {found}, and there is no Git repository to bring it back from; move it away, and `dvc repro` "
            "makes a new one"
        )
    if is_unmerged(root):
        raise RecommenderError(
            f"{NAME} has a merge to be decided; `git checkout --ours {NAME}`, then `dvc repro`, then `git add {NAME}`"
        )
    kept = ASIDE / f"{NAME}.{datetime.now(UTC):%Y%m%dT%H%M%S.%f}"
    back = "is as Git has it" if good else "begins anew, since Git has none"
    yield Fault(
        f"{NAME} {found}: it {back} (what it was: {kept}), and what ran since comes from the run cache",
        partial(_put_aside_and_restore, path, root / kept, good),
    )


def _run_cache(root: Path) -> Iterator[Fault]:
    """Find what DVC began to write to its run cache: it would be the newest entry, and without any DVC fails."""
    for folder in (_cache(root) / "runs").glob("??/*"):
        entries = list(folder.iterdir())
        unfinished = [path for path in entries if path.name.startswith(".") and path.name.endswith(".tmp")]
        if unfinished or not entries:
            said = f"DVC's run cache had an unfinished entry: what there was of {folder.name[:10]} is deleted"
            yield Fault(said, partial(_take_out, folder, unfinished))


def _index_lock(root: Path) -> Iterator[Fault]:
    path = _git_folder(root) / "index.lock"
    try:
        age = time.time() - path.stat().st_mtime
    except OSError:
        return
    if age < SETTLED:
        time.sleep(SETTLED - max(age, 0))
        if not path.exists():
            return
    yield Fault(f"Git's index was left locked: {path} is deleted", partial(path.unlink, missing_ok=True), is_gits=True)


def _require_nobody_at_work(root: Path, fault: Fault) -> None:
    for process in at_work(root):
        if process.is_git and not fault.is_gits:
            continue  # such as a `git log` that somebody reads
        raise RecommenderError(
            f"process {process.pid}, `{process.command}`, is at work here; wait until it has ended, then run this "
            f"again ({fault.said.partition(':')[0]})"
        )


def _take_out(folder: Path, unfinished: list[Path]) -> None:
    for path in unfinished:
        path.unlink(missing_ok=True)
    if not any(folder.iterdir()):
        folder.rmdir()


def _put_aside_and_restore(path: Path, kept: Path, good: bytes | None) -> None:
    _write(kept, path.read_bytes())
    if good is None:
        path.unlink()
    else:
        _write(path, good)


def _write(path: Path, content: bytes) -> None:
    with open_atomically(path) as stream:
        stream.write(content)


def _git_folder(root: Path) -> Path:
    folder = root / ".git"
    if folder.is_dir():
        return folder
    found = attempt(root, "rev-parse", "--absolute-git-dir")
    return Path(found.stdout.decode().strip()) if found.returncode == 0 else folder


def _cache(root: Path) -> Path:
    for name in ("config.local", "config"):
        path = root / ".dvc" / name
        if path.is_file():
            settings = ConfigParser(strict=False, interpolation=None)
            try:
                settings.read_string("\n".join(map(str.strip, path.read_text(encoding="utf-8").splitlines())))
            except (Error, UnicodeDecodeError):
                continue  # DVC says what is wrong with it
            if folder := settings.get("cache", "dir", fallback=None):
                return root / ".dvc" / Path(folder).expanduser()
    return root / ".dvc/cache"
