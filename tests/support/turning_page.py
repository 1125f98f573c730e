"""A page that turns a camera until it dies: ``turning_page.py URL TOKEN CAMERA``: says `turning` when the hub has heard it."""

from __future__ import annotations

import asyncio
import sys

import socketio


async def main(url: str, token: str, camera: str) -> None:
    client = socketio.AsyncClient(reconnection=False)
    await client.connect(url, auth={"token": token}, transports=["websocket"])
    while True:
        answer = await client.call("turn", {"camera": camera, "do": "move", "pan": 0.5}, timeout=5)
        print("turning" if answer.get("hand") else answer, flush=True)
        await asyncio.sleep(0.2)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
