"""A node tells of itself in pages that fit a frame of the link, however many watch."""

from __future__ import annotations

import json
from typing import Any

from hub.coordination.dumps import whole_dump
from hub.link import MAX_FRAME_BYTES
from hub.media.node.sfu import DUMP_PEERS
from tests.support.media_world import Camera, World

VIEWERS = 150
#: What a reply has around it.
FRAME_BYTES = 1000


def crowd() -> World:
    """A camera with a hundred and fifty viewers of sixteen pictures and four sounds each."""
    world = World()
    Camera(world, world.join("publish", "tandu")).on = True
    for number in range(VIEWERS):
        world.join("watch", f"v{number}", video=16, audio=4)
    world.network.run(2)
    return world


async def test_all_pages_together_tell_of_every_peer_and_each_fits_a_frame() -> None:
    world = crowd()
    sizes: list[int] = []

    async def ask(args: dict[str, Any]) -> dict[str, Any]:
        page = world.sfu.dump(args.get("after"))
        assert len(page["peers"]) <= DUMP_PEERS
        sizes.append(len(json.dumps(page, ensure_ascii=False).encode()) + FRAME_BYTES)
        return page

    whole = await whole_dump(ask)
    assert len(sizes) == -(-(VIEWERS + 1) // DUMP_PEERS)
    assert max(sizes) < MAX_FRAME_BYTES
    assert [peer["peer"] for peer in whole["peers"]] == sorted(world.sfu.peers)
    assert set(whole["meetings"][0]["watchers"]) < set(world.sfu.peers)
    assert len(whole["meetings"][0]["watchers"]) == VIEWERS
    assert "next" not in whole


async def test_a_peer_that_leaves_between_two_pages_costs_nobody_else_his_place() -> None:
    world = crowd()
    gone = ""

    async def ask(args: dict[str, Any]) -> dict[str, Any]:
        nonlocal gone
        page = world.sfu.dump(args.get("after"))
        if not args:
            gone = page["next"]
            world.sfu.peer_close(gone, "left")
        return page

    whole = await whole_dump(ask)
    assert {peer["peer"] for peer in whole["peers"]} == {*world.sfu.peers, gone}


async def test_pages_that_do_not_go_on_end() -> None:
    async def ask(args: dict[str, Any]) -> dict[str, Any]:
        return {"peers": [{"peer": "a"}], "next": "a"}

    assert len((await whole_dump(ask))["peers"]) == 2
