"""Nothing of the data or of a repository steers a terminal: what is printed has no control characters from them."""

import json
import logging
import subprocess
import unicodedata

import pytest
import yaml
from published import Published

from recommender.cli import main
from recommender.git import said
from recommender.text import printable, printable_json, printable_lines

HOSTILE = "\x1b]0;owned\x07\x9b2J\x00\r\u202e\u2028\ud800"


def is_fit(text: str) -> bool:
    return all(unicodedata.category(letter) not in ("Cc", "Cs", "Zl", "Zp") and letter != "\u202e" for letter in text)


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = main([*arguments])
    captured = capsys.readouterr()
    text = captured.out + captured.err
    assert all(is_fit(line) for line in text.split("\n")), repr(text)
    return code, text


@pytest.fixture
def hostile(stranger: Published) -> str:
    """A repository whose every text is hostile."""
    lock = yaml.safe_load((stranger.root / "dvc.lock").read_text())
    lock["stages"]["train"]["params"] = {
        "params.yaml": {f"train.a\x1b[2J{n}": v for n, v in enumerate(["\x1b[2J\x9b", 1])}
    }
    lock["stages"]["train"]["outs"].append({"path": "models/\x1b[2J", "md5": "0" * 32, "size": 1})
    stranger.write("dvc.lock", yaml.safe_dump(lock))
    stranger.commit("\x1b]0;owned\x07\x9b2J")
    stranger.git("tag", "recommender@v2.0.0")
    return stranger.url


@pytest.mark.parametrize("form", ["text", "json"])
def test_info_is_fit_for_a_terminal(form: str, hostile: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, text = printed(capsys, "info", "--rev", "v2.0.0", "--repo", hostile, "--format", form)
    assert code == 0
    if form == "json":
        found = json.loads(text)
        assert found["code"]["subject"] == "\x1b]0;owned\x07\x9b2J"
        assert found["params"]["train"]["a\x1b[2J0"] == "\x1b[2J\x9b"
    else:
        assert r"subject: \x1b]0;owned\x07\x9b2J" in text


@pytest.mark.parametrize("form", ["table", "json"])
def test_recommendations_and_releases_are_fit_for_a_terminal(
    form: str, hostile: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, text = printed(capsys, "recommend", "u_0", "--rev", "v1.0.0", "--repo", hostile, "--format", form)
    assert code == 0
    assert r"\x1b]0;C\x07" in text if form == "table" else json.loads(text)["u_0"][1]["title"] == "\x1b]0;C\x07"
    code, text = printed(capsys, "releases", "--repo", hostile, "--format", form)
    assert code == 0
    assert "v2.0.0" in text


def test_messages_are_fit_for_a_terminal(hostile: str, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["recommend", HOSTILE], ["info"]):
        for rev, repo in ((HOSTILE, hostile), ("v1.0.0", HOSTILE), ("v9.0.0", hostile)):
            code, text = printed(capsys, *arguments, "--rev", rev, "--repo", repo)
            assert (code, text.count("\n")) == (1, 1)
    assert printed(capsys, "recommend", HOSTILE, "--rev", "v1.0.0", "--repo", hostile)[0] == 1


def test_what_git_is_told_by_a_server_is_fit_for_a_terminal(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        heard = b"remote: \x1b[2J\x9b\xff\nReceiving: 1%\rReceiving: 2%\r\nfatal: https://me:secret@host/x\n"
        text = said(subprocess.CompletedProcess([], 128, b"", heard))
    assert is_fit(text)
    assert "secret" not in text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Zoë, 日本語, العربية, 👩‍🚀, a\u00a0b", "Zoë, 日本語, العربية, 👩‍🚀, a\u00a0b"),
        ("\x1b[2J", r"\x1b[2J"), ("a\nb\tc\rd", r"a\nb\tc\rd"), ("\u202eabc", r"\u202eabc"), ("\ud800", r"\ud800"),
        ("\u2028\u2029\x85\x7f", r"\u2028\u2029\x85\x7f"), ("\U000e0041", r"\U000e0041"), ("", ""),
    ],
)  # fmt: skip
def test_what_cannot_deceive_stays_as_it_is_and_the_rest_is_escaped(text: str, shown: str) -> None:
    assert printable(text) == shown
    assert printable_lines(f"{text}\n{text}".replace("a\nb", "ab")) == f"{shown}\n{shown}".replace(r"a\nb", "ab")
    assert json.loads(printable_json({text: [text]})) == {text: [text]}
    assert all(map(is_fit, printable_json({text: [text]}).split("\n")))
