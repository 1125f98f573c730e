"""Control, node and recorder as separate programs with PostgreSQL and Redis, as in docker-compose.yml."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import aiohttp
import pytest
import socketio

from tests.support.hub_process import ROOT, HubProcess, Tool
from tests.support.postgres import Postgres
from tests.support.redis_server import running_redis
from tests.support.waiting import eventually

CITY, VILLAGE = "430600000000", "430682115210"


@pytest.fixture
def hub(tmp_path: Path, postgres: Postgres) -> Iterator[HubProcess]:
    with running_redis(tmp_path) as redis_url:
        hub = HubProcess(
            tmp_path / "control",
            {
                "HUB_EMBEDDED": "false",
                "HUB_DATABASE_URL": postgres.new_database(),
                "HUB_REDIS_URL": redis_url,
                "HUB_LINK_KEY": "the key of this test",
                "HUB_RECORDINGS_DIR": str(tmp_path / "recordings"),
            },
        )
        yield hub
        hub.stop()


@pytest.mark.postgres
async def test_the_parts_run_apart_and_a_command_reaches_a_page_by_redis(
    hub: HubProcess, tmp_path: Path
) -> None:
    with ExitStack() as stack:
        for name in ("node", "recorder"):
            data = tmp_path / name
            data.mkdir()
            log = stack.enter_context(open(data / "log", "wb"))
            environment = {**hub.environment, "HUB_DATA_DIR": str(data)}
            process = subprocess.Popen(
                [sys.executable, "-m", "hub", name], cwd=ROOT, env=environment, stdout=log, stderr=log
            )
            stack.callback(process.wait, 20)
            stack.callback(process.terminate)
        await hub.start()
        async with aiohttp.ClientSession() as http:
            leader = await Tool.sign_in(http, hub.url, hub.account("leader", CITY))
            village = await Tool.sign_in(http, hub.url, hub.account("station", VILLAGE))
            client = socketio.AsyncClient()
            heard: list[str] = []
            client.on("changed", lambda changed: heard.append(changed["what"]))
            await client.connect(hub.url, auth={"token": village.token})
            await leader.command(
                "meeting.open",
                {"title": "会商", "kind": "consultation", "centers": [VILLAGE], "record": False},
            )
            await eventually(lambda: heard == ["meeting"], why=f"heard {heard}")
            await client.disconnect()
