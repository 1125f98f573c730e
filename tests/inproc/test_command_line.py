"""The command line explains itself, says plainly what is wrong, and the directory can be filled by it."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import aiohttp
import pytest

from hub import logs
from hub.__main__ import main
from tests.support.hub_process import ROOT, HubProcess
from tests.support.waiting import eventually


@pytest.fixture
def hub(tmp_path: Path) -> HubProcess:
    return HubProcess(tmp_path / "data")


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended, and what it said."""

    returncode: int
    stdout: str
    stderr: str


#: `hub …` with these words.
Said = Callable[..., Done]


@pytest.fixture
def said(hub: HubProcess, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Said:
    """`hub …` with the hub's settings, in this process: starting Python is most of what a command takes."""
    monkeypatch.setattr(os, "umask", lambda mask: 0)
    monkeypatch.setattr(logs, "begin", lambda level: None)

    def run(*words: str) -> Done:
        for name, value in hub.environment.items():
            if name.startswith("HUB_"):
                monkeypatch.setenv(name, value)
        try:
            code = main(list(words))
        except SystemExit as ended:
            code = int(ended.code or 0)
        out, err = capfd.readouterr()
        return Done(code, out, err)

    return run


def test_help_names_every_command_and_setting(hub: HubProcess) -> None:
    said = hub.run("--help").stdout
    for word in ("serve", "node", "recorder", "accounts", "centers", "journal", "health", "HUB_DATA_DIR"):
        assert word in said


@pytest.mark.parametrize(
    "command", ["serve", "node", "recorder", "stations", "accounts", "centers", "journal", "health"]
)
def test_every_command_explains_itself(said: Said, command: str) -> None:
    done = said(command, "--help")
    assert done.returncode == 0
    assert "usage: hub" in done.stdout


def test_a_node_starts_without_what_only_control_needs() -> None:
    look = "import sys, hub.__main__; hub.__main__.parser('node'); print('hub.rules' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stdout == "False\n", done.stderr


def test_a_bad_setting_is_named_in_one_line(hub: HubProcess) -> None:
    hub.extra["HUB_MEDIA_PORT"] = "many"
    done = hub.run("accounts", "list")
    assert done.returncode == 2
    assert "HUB_MEDIA_PORT" in done.stderr
    assert "Traceback" not in done.stderr


def test_centers_and_accounts_can_be_made_without_a_demo(said: Said) -> None:
    assert said("centers", "import", "--yueyang").stdout == "2048 centers\n"
    made = said(
        "accounts",
        "add",
        "--username",
        "wang",
        "--name",
        "王某",
        "--role",
        "leader",
        "--center",
        "430600000000",
    )
    name, password = made.stdout.split()
    assert name == "wang"
    assert len(password) >= 12
    again = said(
        "accounts",
        "add",
        "--username",
        "wang",
        "--name",
        "王某",
        "--role",
        "leader",
        "--center",
        "430600000000",
    )
    assert again.returncode == 1
    assert "taken" in again.stderr
    assert "wang" in said("accounts", "list").stdout
    assert said("accounts", "disable", "wang").returncode == 0
    assert "disabled" in said("accounts", "list").stdout
    assert said("accounts", "password", "nobody").returncode == 1
    nowhere = said("accounts", "move", "wang", "--center", "430600000001")
    assert (nowhere.returncode, "no center 430600000001" in nowhere.stderr) == (1, True)
    assert said("accounts", "move", "wang", "--role", "clerk", "--center", "430682000000").returncode == 0
    assert said("accounts", "list").stdout.split()[:3] == ["wang", "clerk", "430682000000"]
    assert said("accounts", "sign-out", "wang").returncode == 0
    assert said("accounts", "delete", "wang").returncode == 0
    assert said("accounts", "list").stdout == ""


def test_an_account_of_no_center_is_refused(said: Said) -> None:
    done = said(
        "accounts", "add", "--username", "x", "--name", "x", "--role", "leader", "--center", "000000000000"
    )
    assert done.returncode == 1
    assert "no center" in done.stderr


def test_a_wrong_list_of_centers_is_refused_by_line(said: Said, tmp_path: Path) -> None:
    bad = tmp_path / "centers.csv"
    bad.write_text("code,name,level,parent_code\n123,x,city,\n")
    done = said("centers", "import", str(bad))
    assert done.returncode == 1
    assert "row 2, column code" in done.stderr


async def test_the_demo_writes_its_passwords_once_and_for_its_owner_only(hub: HubProcess) -> None:
    hub.fresh = True
    try:
        await hub.start()
        accounts = hub.accounts()
        assert {"role", "center", "username", "password"} <= set(accounts[0])
        for name in ("demo-accounts.json", "demo-stations.json", "link.key"):
            assert stat.S_IMODE(os.stat(hub.folder / name).st_mode) == 0o600
        log = (hub.folder / "control.log").read_text()
        assert all(account["password"] in log for account in accounts)
        assert "the database is kept by SQLite 3." in log
        stations = json.loads((hub.folder / "demo-stations.json").read_text())
        assert all(station["password"] not in log for station in stations)
        hub.stop()
        (hub.folder / "control.log").unlink()
        await hub.start()
        assert hub.accounts() == accounts
        log = (hub.folder / "control.log").read_text()
        assert all(account["password"] not in log for account in accounts)
    finally:
        hub.stop()


async def test_a_second_hub_on_the_same_folder_is_refused_plainly(hub: HubProcess) -> None:
    try:
        await hub.start()
        second = subprocess.run(
            [sys.executable, "-m", "hub", "serve"],
            cwd=ROOT,
            env={**hub.environment, "HUB_HTTP_PORT": "0"},
            capture_output=True,
            text=True,
            timeout=30,
        )
        assert second.returncode == 1
        assert "running already" in second.stderr
    finally:
        hub.stop()


async def test_a_hub_without_demo_starts_with_an_empty_directory(hub: HubProcess) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "hub", "serve"],
        cwd=ROOT,
        env={**hub.environment, "HUB_EMBEDDED": "false"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert hub.url in process.stdout.readline()
        assert hub.run("health").returncode == 0
        process.terminate()
        assert process.wait(15) == 0
    assert not (hub.folder / "demo-accounts.json").exists()
    assert hub.run("health").returncode == 1


async def test_a_running_hub_takes_what_the_command_line_says_and_needs_no_restart(
    hub: HubProcess, said: Said
) -> None:
    hub.folder.mkdir()
    run = partial(asyncio.to_thread, said)  # each has a loop of its own
    with (
        open(hub.folder / "control.log", "ab") as log,
        subprocess.Popen(
            [sys.executable, "-m", "hub", "serve"],
            cwd=ROOT,
            env={**hub.environment, "HUB_EMBEDDED": "false"},
            stdout=log,
            stderr=log,
        ) as process,
    ):
        try:
            await eventually(lambda: hub.run("health").returncode == 0, 60, "the hub does not start")
            assert (await run("centers", "import", "--yueyang")).stdout == "2048 centers\n"
            who = ("--username", "wang", "--name", "王某", "--role", "leader", "--center", "430600000000")
            made = await run("accounts", "add", *who)
            assert made.returncode == 0, made.stderr
            again = await run("accounts", "add", *who)
            assert (again.returncode, "taken" in again.stderr) == (1, True)
            username, password = made.stdout.split()
            async with aiohttp.ClientSession(hub.url) as http:
                body = {"username": username, "password": password}
                async with http.post("/api/v1/session", json=body) as answer:
                    signed_in = await answer.json()
                headers = {"Authorization": f"Bearer {signed_in['token']}"}
                async with http.get("/api/v1/centers", params={"q": "坦渡村"}, headers=headers) as answer:
                    assert [each["name"] for each in (await answer.json())["centers"]] == ["坦渡村"]
                assert signed_in["account"]["center"]["name"] == "岳阳市"
                assert (await run("accounts", "disable", "wang")).returncode == 0
                async with http.get("/api/v1/session", headers=headers) as answer:
                    assert answer.status == 401
        finally:
            process.terminate()
            process.wait(15)
    verified = await run("journal", "verify")
    assert verified.returncode == 0, verified.stdout
    told = (await run("journal", "export")).stdout
    assert "account.disabled" in told
    assert password not in told


async def test_a_hub_with_few_descriptors_answers_in_a_crowd_of_idle_connections(hub: HubProcess) -> None:
    hub.folder.mkdir()
    crowd: list[socket.socket] = []
    with (
        open(hub.folder / "crowd.log", "ab") as log,
        subprocess.Popen(
            ["sh", "-c", 'ulimit -n 256; exec "$0" -m hub serve', sys.executable],
            cwd=ROOT,
            env={**hub.environment, "HUB_EMBEDDED": "false"},
            stdout=log,
            stderr=log,
        ) as process,
    ):
        try:

            async def answers() -> bool:
                async with aiohttp.ClientSession() as http, http.get(f"{hub.url}/healthz") as answer:
                    return answer.status == 200

            await eventually(lambda: hub.run("health").returncode == 0, 30, "the hub does not start")
            for _ in range(700):
                crowd.append(one := socket.socket())
                one.setblocking(False)
                one.connect_ex((hub.http_host, hub.http_port))
            async with asyncio.timeout(10):
                for _ in range(5):
                    assert await answers()
        finally:
            for one in crowd:
                one.close()
            process.terminate()
            assert process.wait(15) == 0
    written = (hub.folder / "crowd.log").read_text()
    assert "up to 256 files" in written
    assert "could not be accepted" not in written
    assert len(written) < 4000, "what happens by the hundred is not said by the hundred"
