"""The load generator as a user runs it: against a whole hub, and when it cannot."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import pytest

from clients.loadtest.__main__ import main
from tests.support.hub_process import ROOT, HubProcess


async def test_a_run_against_a_whole_hub_loses_nothing(tmp_path: Path) -> None:
    hub = HubProcess(tmp_path)
    await hub.start()
    try:
        words = ["--url", hub.url, "--accounts", str(tmp_path / "demo-accounts.json"), "--json"]
        words += ["--viewers", "3", "--seconds", "3", "--size", "320x180", "--bitrate", "300000"]
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "clients.loadtest", *words, cwd=ROOT, stdout=asyncio.subprocess.PIPE
        )
        out, _ = await asyncio.wait_for(process.communicate(), 60)
    finally:
        hub.stop()
    result = json.loads(out)
    assert process.returncode == 0
    assert result["failures"] == {}
    viewers = [peer for name, peer in result["peers"].items() if name.startswith("viewer")]
    assert len(viewers) == 3
    for viewer in viewers:
        for stream in viewer["streams"]:
            assert stream["packets"] > 50
            assert stream["lost"] == 0


@pytest.mark.parametrize(
    ("accounts", "words"),
    [
        ("[]", []),
        ("{", []),
        ('["x"]', []),
        ('[{"username": "a", "password": "b"}]', ["--publishers", "2"]),
        ('[{"username": "a", "password": "b"}]', ["--publishers", "0", "--viewers", "0"]),
        ('[{"username": "a", "password": "b"}]', ["--size", "big"]),
        ('[{"username": "a", "password": "b"}]', ["--video-slots", "17"]),
    ],
)
def test_what_cannot_be_run_is_said(
    accounts: str, words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "accounts.json").write_text(accounts)
    with pytest.raises(SystemExit) as ended:
        main(["--accounts", str(tmp_path / "accounts.json"), *words])
    assert ended.value.code == 2
    assert "error:" in capsys.readouterr().err


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "http://hub.example"])
def test_no_hub_or_one_that_was_not_named_is_said(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "accounts.json").write_text('[{"username": "a", "password": "b"}]')
    words = ["--url", url, "--accounts", str(tmp_path / "accounts.json"), "--publishers", "0"]
    assert main(words) == 1
    assert "loadtest: " in capsys.readouterr().err
