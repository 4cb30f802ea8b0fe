"""The repair of what a killed run left behind, so that the next one can go on."""

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
"""The folder for broken files, relative to the project's folder; Git ignores it."""
SETTLED = 2.0
"""The age in seconds from which a lock of Git's that no visible process holds counts as left behind."""


@dataclass(frozen=True)
class Leftover:
    """Something that a killed run left behind.

    Attributes
    ----------
    said
        The line to report: what it is, a colon, and what was done about it.
    mend
        Repairs it; DVC's locks must be held.
    is_gits
        It belongs to Git and not to DVC, so no Git may be at work.
    """

    said: str
    mend: Callable[[], object]
    is_gits: bool = False


def repair(root: Path) -> Iterator[str]:
    """Repair what a killed run left behind in a checkout, and yield a line for each thing that was done.

    When there is nothing to do, a few small files are read, and nothing is written or locked. A stage that goes on
    after its DVC was killed is waited for, because it writes the same files as the next run.

    Raises
    ------
    RecommenderError
        DVC or Git is at work here, a merge has to be resolved first, or a file cannot be read or written.
    """
    try:
        for orphan in orphans(root):
            yield f"the stage {orphan.stage} of a killed run is still at work: waiting for process {orphan.pid} to end"
            while any(found == orphan for found in orphans(root)):
                time.sleep(0.1)
        if not list(_leftovers(root)):
            return
        with held(root):
            for leftover in _leftovers(root):
                _require_nobody_at_work(root, leftover)
                leftover.mend()
                yield leftover.said
    except FileNotFoundError as error:
        if error.filename != "git":
            raise
        raise RecommenderError(
            "git cannot be run, and only it has what a killed run may have cut off; install it"
        ) from None
    except OSError as error:
        at = f"{error.filename}: " if error.filename else ""
        raise RecommenderError(
            f"what a killed run left behind cannot be repaired: {at}{error.strerror or error}"
        ) from None


def _leftovers(root: Path) -> Iterator[Leftover]:
    if not (root / ".dvc").is_dir():
        return
    for find in (_rwlock, _lock_file, _run_cache, _index_lock):
        yield from find(root)


def _rwlock(root: Path) -> Iterator[Leftover]:
    path = root / ".dvc/tmp/rwlock"
    try:
        right = without_strangers(path.read_bytes())
    except FileNotFoundError:
        return
    except ValueError:
        yield Leftover("DVC's list of paths in use (.dvc/tmp/rwlock) was cut off: it is deleted", path.unlink)
        return
    if right is not None:
        said = "DVC's list of paths in use (.dvc/tmp/rwlock) named processes that are not DVC's: they are removed"
        yield Leftover(said, partial(_write, path, right))


def _lock_file(root: Path) -> Iterator[Leftover]:
    path = root / NAME
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return  # DVC never deletes it: somebody wants everything to run again, or nothing has run yet
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
            "writes a new one"
        )
    if is_unmerged(root):
        raise RecommenderError(
            f"{NAME} has merge conflicts; `git checkout --ours {NAME}`, then `dvc repro`, then `git add {NAME}`"
        )
    kept = ASIDE / f"{NAME}.{datetime.now(UTC):%Y%m%dT%H%M%S.%f}"
    back = "is as Git has it" if good else "is deleted, since Git has none"
    yield Leftover(
        f"{NAME} {found}: it {back} (the broken one is {kept}), and what ran since comes from the run cache",
        partial(_put_aside_and_restore, path, root / kept, good),
    )


def _run_cache(root: Path) -> Iterator[Leftover]:
    """Find entries that DVC began to write to its run cache, or left empty: reading these, it fails."""
    for folder in (_cache(root) / "runs").glob("??/*"):
        entries = list(folder.iterdir())
        unfinished = [path for path in entries if path.name.startswith(".") and path.name.endswith(".tmp")]
        if unfinished or not entries:
            said = f"DVC's run cache had an unfinished entry: what was written of {folder.name[:10]} is deleted"
            yield Leftover(said, partial(_delete, folder, unfinished))


def _index_lock(root: Path) -> Iterator[Leftover]:
    path = _git_folder(root) / "index.lock"
    try:
        age = time.time() - path.stat().st_mtime
    except OSError:
        return
    if age < SETTLED:
        time.sleep(SETTLED - max(age, 0))
        if not path.exists():
            return
    yield Leftover(
        f"Git's index was left locked: {path} is deleted", partial(path.unlink, missing_ok=True), is_gits=True
    )


def _require_nobody_at_work(root: Path, leftover: Leftover) -> None:
    for process in at_work(root):
        if process.is_git and not leftover.is_gits:
            continue  # for example a `git log` that somebody is reading
        raise RecommenderError(
            f"process {process.pid}, `{process.command}`, is at work here; wait until it has ended, then run this "
            f"again ({leftover.said.partition(':')[0]})"
        )


def _delete(folder: Path, unfinished: list[Path]) -> None:
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
                continue  # DVC itself says what is wrong with it
            if folder := settings.get("cache", "dir", fallback=None):
                return root / ".dvc" / Path(folder).expanduser()
    return root / ".dvc/cache"
