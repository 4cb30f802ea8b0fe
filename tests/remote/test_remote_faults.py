"""What can go wrong at the remote: one sees it, nothing is lost, and the same command again makes it good."""

import subprocess
from pathlib import Path

import pytest
import yaml
from projects import Project
from remote.clones import cut_off, damage, kill_9, md5, objects, shared, used_by
from remote.servers import PASSWORD, Folder, S3Server, Server, SshServer, tool

pytestmark = pytest.mark.slow

OVER_A_NETWORK = pytest.mark.parametrize("server", ["ssh", "s3", "webdav"], indirect=True)
WRONG = "not-the-password"
REFUSED = ("Connect call failed", "Could not connect to the endpoint", "Connection refused")


def assert_has_all(project: Project, original: Project) -> None:
    names = [path.name for path in original.path("data").glob("*.bin")]
    assert {name: md5(project.path(f"data/{name}")) for name in names} == {
        name: md5(original.path(f"data/{name}")) for name in names
    }


def assert_whole(*storages: Path) -> None:
    for storage in storages:
        assert all(md5(path) == name for name, path in objects(storage).items())


@OVER_A_NETWORK
def test_a_push_ends_well_after_the_server_was_down_and_died_and_the_push_was_killed(
    server: Server, weighty: Project, tmp_path: Path
) -> None:
    person = used_by(weighty.copy(tmp_path / "person"), server)
    code, said = cut_off(person, "push", into=server.storage, by=lambda _: server.kill())
    assert code != 0
    assert "failed to push data to the cloud" in said
    assert len(objects(server.storage)) < 6
    down = person.dvc("push", check=False)
    assert down.returncode != 0
    assert any(message in down.stderr for message in REFUSED)

    server.restart()
    cut_off(person, "push", into=server.storage, by=kill_9)
    assert_whole(server.storage)
    person.dvc("push")
    assert len(objects(server.storage)) == 6
    assert_whole(server.storage, person.path(".dvc/cache"))
    assert_has_all(person, weighty)


@OVER_A_NETWORK
def test_a_pull_ends_well_after_the_server_was_down_and_died_and_the_pull_was_killed(
    server: Server, weighty: Project, tmp_path: Path
) -> None:
    used_by(weighty.copy(tmp_path / "person"), server).dvc("push")
    colleague = shared(weighty, server, tmp_path / "colleague")
    cache = colleague.path(".dvc/cache")
    code, said = cut_off(colleague, "pull", into=cache, by=lambda _: server.kill())
    assert code != 0
    assert "failed to transfer" in said
    down = colleague.dvc("pull", check=False)
    assert down.returncode != 0
    assert any(message in down.stderr for message in REFUSED)

    server.restart()
    cut_off(colleague, "pull", into=cache, by=kill_9)
    assert_whole(server.storage, cache)
    colleague.dvc("pull")
    assert_has_all(colleague, weighty)
    assert_whole(server.storage, cache)


def test_a_killed_push_to_a_folder_and_a_killed_pull_from_it_go_on(weighty: Project, tmp_path: Path) -> None:
    storage = Folder(tmp_path / "storage")
    cut_off(used_by(weighty.copy(tmp_path / "person"), storage), "push", into=storage.storage, by=kill_9)
    assert_whole(storage.storage)
    Project(tmp_path / "person", storage.environment).dvc("push")
    colleague = shared(weighty, storage, tmp_path / "colleague")
    cut_off(colleague, "pull", into=colleague.path(".dvc/cache"), by=kill_9)
    colleague.dvc("pull")
    assert_has_all(colleague, weighty)
    assert_whole(storage.storage, colleague.path(".dvc/cache"))


@OVER_A_NETWORK
def test_wrong_credentials_are_refused_and_right_ones_go_on(server: Server, weighty: Project, tmp_path: Path) -> None:
    person = used_by(weighty.copy(tmp_path / "person"), server)
    right = dict(person.environment)
    if isinstance(server, SshServer):
        other = tmp_path / "other"
        (other / ".ssh").mkdir(parents=True)
        subprocess.run(
            [tool("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-f", other / ".ssh/id_ed25519"], check=True
        )
        person.environment["HOME"] = str(other)
        message = "Permission denied"
    elif isinstance(server, S3Server):
        person.environment["AWS_SECRET_ACCESS_KEY"] = WRONG
        message = "signature"
    else:
        used_by(person, server, password=WRONG)
        message = "Unauthorized"
    refused = person.dvc("push", check=False)
    assert refused.returncode != 0
    assert message in refused.stderr
    assert PASSWORD not in refused.stderr
    assert not objects(server.storage)

    used_by(person, server).environment.update(right)
    person.dvc("push")
    assert len(objects(server.storage)) == 6


def test_an_object_missing_from_the_remote_is_named_and_all_others_are_pulled(weighty: Project, tmp_path: Path) -> None:
    storage = Folder(tmp_path / "storage")
    person = used_by(weighty.copy(tmp_path / "person"), storage)
    person.dvc("push")
    missing = md5(weighty.path("data/0.bin"))
    objects(storage.storage)[missing].unlink()
    colleague = shared(weighty, storage, tmp_path / "colleague")
    told = colleague.dvc("pull", check=False)
    assert told.returncode != 0
    assert missing in told.stderr
    assert "data/0.bin" in told.stderr
    assert len(list(colleague.path("data").glob("*.bin"))) == 5

    person.dvc("push")  # whoever has it, gives it back
    colleague.dvc("pull")
    assert_has_all(colleague, weighty)


@pytest.mark.parametrize("server", ["folder", "s3"], indirect=True)
def test_a_corrupted_object_in_the_remote_reaches_nobody(server: Server, weighty: Project, tmp_path: Path) -> None:
    person = used_by(weighty.copy(tmp_path / "person"), server)
    person.dvc("push")
    corrupted = md5(weighty.path("data/0.bin"))
    damage(objects(server.storage)[corrupted])
    colleague = shared(weighty, server, tmp_path / "colleague")
    told = colleague.dvc("pull", "--verbose", check=False)
    assert told.returncode != 0
    assert "Checkout failed for following targets:\ndata/0.bin\n" in told.stderr
    assert any("corrupted cache file" in line and corrupted[2:] in line for line in told.stdout.splitlines())
    assert not colleague.path("data/0.bin").exists()
    assert_whole(colleague.path(".dvc/cache"))

    objects(server.storage)[corrupted].unlink()
    person.dvc("push")
    colleague.dvc("pull")
    assert_has_all(colleague, weighty)


def test_a_release_whose_data_was_collected_is_made_again_with_the_same_bytes(project: Project, tmp_path: Path) -> None:
    storage = Folder(tmp_path / "storage")
    used_by(project, storage).dvc("push")
    project.git("tag", "v1")
    lock = yaml.safe_load(project.path("dvc.lock").read_text())
    model = {out["md5"] for out in lock["stages"].pop("train")["outs"]}
    project.path("dvc.lock").write_text(yaml.safe_dump(lock, sort_keys=False))
    project.commit("A later state, to which the released model does not belong")
    project.dvc("gc", "--workspace", "--all-tags", "--cloud", "--force")
    assert model <= set(objects(storage.storage)), "what a tag needs is kept where gc is told of tags"
    project.dvc("gc", "--workspace", "--cloud", "--force")
    assert not model & set(objects(storage.storage))

    project.git("checkout", "--quiet", "v1")
    colleague = shared(project, storage, tmp_path / "colleague")
    told = colleague.dvc("pull", check=False)
    assert told.returncode != 0
    assert all(name in told.stderr for name in [*model, "models/lightfm.pkl"])
    assert colleague.repro() == ["train"]
    assert colleague.git("status", "--short") == "", "the same bytes as the release's dvc.lock records"
    colleague.dvc("push")
    assert model <= set(objects(storage.storage))


def test_what_a_colleague_pushed_survives_the_documented_collection(weighty: Project, tmp_path: Path) -> None:
    project, storage = weighty.copy(tmp_path / "project"), Folder(tmp_path / "storage")
    colleague = shared(project, storage, tmp_path / "colleague")
    colleague.git("switch", "--quiet", "--create", "feature")
    colleague.path("data/new.bin").write_bytes(b"new")
    colleague.dvc("add", "--quiet", "data/new.bin")
    colleague.commit("Try something")
    colleague.dvc("push", "--quiet", "data/new.bin")
    colleague.git("push", "--quiet", "origin", "feature")
    mine = shared(project, storage, tmp_path / "mine")
    mine.path("data/tried.bin").write_bytes(b"tried")
    mine.dvc("add", "--quiet", "data/tried.bin")
    mine.dvc("push", "--quiet", "data/tried.bin")
    for path in ("data/tried.bin", "data/tried.bin.dvc"):
        mine.path(path).unlink()
    mine.git("fetch", "--quiet", "--all", "--tags")
    mine.dvc("gc", "--all-commits", "--cloud", "--force")
    assert set(objects(storage.storage)) == {md5(colleague.path("data/new.bin"))}
