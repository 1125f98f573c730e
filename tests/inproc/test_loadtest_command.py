"""The load generator as a user runs it: against a whole hub, broken off, and when it cannot."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from clients.loadtest.__main__ import main
from tests.support.hub_process import ROOT, HubProcess, Tool
from tests.support.waiting import eventually

CITY = "430600000000"
SMALL = ("--size", "320x180", "--bitrate", "300000")
#: What a busy machine may need; the figures themselves are for the benchmarks.
PATIENT = ("--max-delay", "2000", "--max-join", "20000", "--max-answer", "20000")


async def loadtest(hub: HubProcess, *words: str) -> tuple[int, dict[str, Any]]:
    """``hub loadtest …``: its exit code and result."""
    accounts = str(hub.folder / "demo-accounts.json")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "hub", "loadtest", *words),
        *("--url", hub.url, "--accounts", accounts, "--json"),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await asyncio.wait_for(process.communicate(), 90)
    assert process.returncode is not None
    return process.returncode, json.loads(out) if out else {}


async def open_meetings(hub: HubProcess) -> list[str]:
    async with aiohttp.ClientSession() as http:
        leader = await Tool.sign_in(http, hub.url, hub.account("leader", CITY))
        return [one["id"] for one in (await leader.get("/api/v1/meetings?state=open"))["meetings"]]


async def test_runs_against_a_whole_hub_lose_nothing_and_leave_nothing(tmp_path: Path) -> None:
    hub = HubProcess(tmp_path / "hub")
    await hub.start()
    try:
        report = tmp_path / "report.html"
        words = ("--viewers", "4", "--seconds", "2", "--processes", "2", "--report", str(report))
        code, result = await loadtest(hub, "lecture", *words, *SMALL, *PATIENT)
        assert [one["en"] for one in result["criteria"] if not one["met"]] == []
        assert (code, result["met"]) == (0, True)
        (window,) = result["windows"]
        assert window["seen"]["viewers"] == 4
        assert window["seen"]["pictures_playing"] == 4
        assert window["seen"]["video_loss_permille"] == 0
        assert set(window["cost"]["cpu"]) == {"node", "control"}
        page = report.read_text(encoding="utf-8")
        assert "转发时延" in page
        assert "Forwarding delay" in page
        assert "<svg" in page

        code, result = await loadtest(hub, "rollcall", "--viewers", "4", "--rounds", "2", *PATIENT)
        assert (code, result["facts"]["stations"], result["facts"]["failures"]) == (0, 4, {})
        assert result["facts"]["call_to_answer_ms"]["count"] == 8

        many = ("--publishers", "3", "--viewers", "0", "--video-slots", "2", "--seconds", "5", "--simulcast")
        code, result = await loadtest(hub, "discussion", *many, *SMALL, *PATIENT)
        broken = {one["en"] for one in result["criteria"] if one["limit"] == 0 and not one["met"]}
        assert not broken

        accounts = str(hub.folder / "demo-accounts.json")
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "hub", "loadtest", "--seconds", "300"),
            *("--url", hub.url, "--accounts", accounts, "--viewers", "2", *SMALL),
            cwd=ROOT,
            stderr=asyncio.subprocess.PIPE,
        )

        async def began() -> bool:
            return bool(await open_meetings(hub))

        await eventually(began, 30, "the load test has opened no meeting")
        process.send_signal(signal.SIGTERM)
        _, err = await asyncio.wait_for(process.communicate(), 30)
        assert process.returncode == 130
        assert b"broken off" in err
        assert b"Traceback" not in err
        assert await open_meetings(hub) == []
    finally:
        hub.stop()


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
        ('[{"username": "a", "password": "b"}]', ["--seconds", "100000"]),
        ('[{"username": "a", "password": "b"}]', ["curve", "--steps", "5,5"]),
        ('[{"username": "a", "password": "b"}]', ["--report", "/no/such/folder/report.html"]),
        ('[{"username": "a", "password": "b"}]', ["dance"]),
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
    assert main(words) == 3
    assert "loadtest: " in capsys.readouterr().err
