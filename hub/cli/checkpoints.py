"""``hub checkpoints``: keep the signed checkpoints of a hub that runs on another machine."""

from __future__ import annotations

import argparse
import asyncio
import hmac
import ipaddress
import os
import ssl
from pathlib import Path
from typing import Any, Final

from aiohttp import web

from hub.config import Config
from hub.evidence.receiver import Keeper, NotTaken
from hub.journal.checkpoint import line_of
from hub.journal.ports import Checkpoint

#: 500 checkpoints take less.
MOST_BODY: Final = 512 * 1024
#: Names the variable of the environment.
TOKEN: Final = "CHECKPOINTS_TOKEN"  # noqa: S105


def add(commands: Any) -> None:
    """Add the command to the parser."""
    command = commands.add_parser("checkpoints", help="keep the signed checkpoints of another hub")
    actions = command.add_subparsers(dest="action", required=True, metavar="ACTION")
    receive = actions.add_parser(
        "receive",
        help="take them over HTTP and append them to a file",
        description="Run this on a machine that the hub's administrators cannot change. It appends what a hub sends to "
        "checkpoints.jsonl in the folder, refuses what does not follow, and never forgets: the file shows later whether the "
        f"hub's journal was cut or written anew. The token stands in the environment ({TOKEN}). The hub is told where by "
        "HUB_CHECKPOINTS_URL and HUB_CHECKPOINTS_TOKEN.",
    )
    receive.add_argument("folder", type=Path, help="where they are kept")
    receive.add_argument("--host", default="127.0.0.1", help="address to listen on [127.0.0.1]")
    receive.add_argument("--port", type=int, default=8090, help="TCP port [8090]")
    receive.add_argument("--cert", type=Path, help="certificate and chain (PEM): HTTPS")
    receive.add_argument("--key", type=Path, help="its key (PEM)")
    receive.set_defaults(run=_receive)


def receiving(keeper: Keeper, token: str) -> web.Application:
    """The application: ``GET /`` tells the last checkpoint, ``POST /`` takes more."""
    turn = asyncio.Lock()

    def check(request: web.Request) -> None:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(given.encode(), token.encode()):
            raise web.HTTPUnauthorized(text="the token is not the one of this receiver")

    def told(last: Checkpoint | None) -> web.Response:
        return web.json_response({"last": line_of(last) if last is not None else None})

    async def get(request: web.Request) -> web.Response:
        check(request)
        return told(keeper.last)

    async def post(request: web.Request) -> web.Response:
        check(request)
        try:
            body = await request.json()
            key, lines = body["public_key"], body["checkpoints"]
            if (
                type(key) is not str
                or type(lines) is not list
                or any(type(line) is not str for line in lines)
            ):
                raise ValueError
        except (ValueError, KeyError, TypeError):
            raise web.HTTPBadRequest(text="{public_key, checkpoints} is expected") from None
        async with turn:
            try:
                return told(await asyncio.to_thread(keeper.take, key, lines))
            except NotTaken as why:
                return web.Response(status=409, text=str(why))
            except OSError as problem:
                return web.Response(status=507, text=f"they cannot be kept: {problem.strerror}")

    app = web.Application(client_max_size=MOST_BODY)
    app.add_routes([web.get("/", get), web.post("/", post)])
    return app


def _receive(arguments: argparse.Namespace, settings: Config) -> int:
    token = os.environ.get(TOKEN, "")
    if len(token) < 16:
        print(f"hub: {TOKEN} must be set, with at least 16 characters")
        return 2
    context = None
    if arguments.cert is not None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(arguments.cert, arguments.key)
    elif not _is_loopback(arguments.host):
        print("hub: without --cert everything, the token too, goes over the network in the clear")
    try:
        app = receiving(Keeper(arguments.folder), token)
    except OSError as problem:
        print(f"hub: {problem}")
        return 1
    web.run_app(app, host=arguments.host, port=arguments.port, ssl_context=context, access_log=None)
    return 0


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
