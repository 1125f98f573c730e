"""A real relay (coturn) with the hub's settings: who has good keys reaches the media node's address by it, and nothing else."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import os
import shutil
import socket
import stat
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from aioice import stun

from hub.clock import system_clock
from hub.supervisor import holder
from hub.turn import ALLOCATIONS_PER_ACCOUNT, Credentials, Turn
from tests.support.second_machine import SecondMachine
from tests.support.turn_client import Allocation, allocation, refusal_of
from tests.support.turn_server import running_turn
from tests.support.waiting import eventually

FORBIDDEN = 403


@pytest.fixture
def address() -> Iterator[str]:
    """An address of this machine that is no loopback, with a neighbour beside it."""
    machine = SecondMachine()
    try:
        machine.__enter__()
    except OSError as problem:
        pytest.skip(f"no second machine can be made here: {problem}")
    yield machine.near
    machine.__exit__()


async def test_the_relay_reaches_the_media_node_and_nothing_else(tmp_path: Path, address: str) -> None:
    assert shutil.which("turnserver"), "coturn is missing (tools/system-packages.sh)"
    neighbour = address.removesuffix(".1") + ".2"
    async with AsyncExitStack() as stack:
        media = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        media.bind((address, 0))
        media.setblocking(False)
        port = await stack.enter_async_context(running_turn(tmp_path, address))
        secret = (tmp_path / "turn.key").read_text().strip()
        turn = Turn((f"turn:{address}:{port}",), secret)
        keys = turn.credentials("a_0001", system_clock())
        server = (address, port)
        inside = await stack.enter_async_context(allocation(server, keys))

        await reaches(inside, media)
        for peer in (
            neighbour,
            "127.0.0.1",
            "169.254.169.254",
            "10.0.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "8.8.8.8",
        ):
            for method in ("CREATE_PERMISSION", "CHANNEL_BIND"):
                code = await inside.asks((peer, 53), method)
                assert code == FORBIDDEN, f"{method} to {peer}: {code}"
        for peer in ("::1", "::ffff:127.0.0.1", f"::ffff:{neighbour}", "fd00::2"):
            assert await inside.asks((peer, 53)) >= 400, f"to {peer}"
        # It tells addresses apart, not ports: what else of the node's host listens on UDP can be sent to.
        assert await inside.asks((address, 53)) == 200

        await needs_good_keys(server, turn, keys)
        await gives_an_account_its_share(server, turn)
        for way in ("udp", "tcp"):
            await stack.enter_async_context(
                allocation(server, turn.credentials("a_0002", system_clock()), way)
            )
        await is_quiet_and_kept_apart(tmp_path, keys, secret)
    assert holder(tmp_path, "turn") is None
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection(address, port)


async def reaches(inside: Allocation, media: socket.socket) -> None:
    """What goes in at the relay comes to the media port from the relay's address, and back."""
    loop = asyncio.get_running_loop()
    assert await inside.asks(media.getsockname()) == 200
    await inside.send(b"there", media.getsockname())
    data, back = await asyncio.wait_for(loop.sock_recvfrom(media, 100), 5)
    assert (data, back) == (b"there", inside.address)
    await loop.sock_sendto(media, b"and back", back)
    assert await asyncio.wait_for(inside.received.get(), 5) == b"and back"


async def needs_good_keys(server: tuple[str, int], turn: Turn, keys: Credentials) -> None:
    """Wrong, expired and somebody else's keys open nothing."""
    # Coturn reads its clock about once a second, on a busy machine later: a minute past is past for it too.
    old = turn.credentials("a_0001", system_clock() - timedelta(hours=1, minutes=1))
    foreign = Turn(turn.urls, "another secret").credentials("a_0001", system_clock())
    longer = replace(keys, username=f"9{keys.username}")
    for wrong in (old, foreign, longer):
        with pytest.raises(stun.TransactionFailed) as refused:
            async with allocation(server, wrong):
                pass
        assert refusal_of(refused.value) == 401


async def gives_an_account_its_share(server: tuple[str, int], turn: Turn) -> None:
    """One account does not take all there is, whenever its keys are from."""
    async with AsyncExitStack() as taken:
        now = system_clock()
        for number in range(ALLOCATIONS_PER_ACCOUNT):
            keys = turn.credentials("a_greedy", now - timedelta(seconds=number))
            await taken.enter_async_context(allocation(server, keys))
        with pytest.raises(stun.TransactionFailed) as refused:
            await taken.enter_async_context(allocation(server, turn.credentials("a_greedy", now)))
        assert refusal_of(refused.value) == 486
        await taken.enter_async_context(allocation(server, turn.credentials("a_modest", now)))


async def is_quiet_and_kept_apart(folder: Path, keys: Credentials, secret: str) -> None:
    """No keys in what it writes, and its secret for its owner alone."""
    await eventually(
        lambda: "Cannot find credentials" in (folder / "turn.log").read_text(errors="replace"),
        5,
        "what goes wrong is not told",
    )
    log = (folder / "turn.log").read_text(errors="replace")
    for word in (secret, keys.credential):
        assert word not in log
    for path in (folder / "turn.key", folder / "turn" / "turnserver.conf"):
        assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    expected = base64.b64encode(hmac.new(secret.encode(), keys.username.encode(), hashlib.sha1).digest())
    assert keys.credential.encode() == expected
