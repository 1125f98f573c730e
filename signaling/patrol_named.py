"""What a command about a patrol needs before it is decided: the cameras of a route by name, and what the hub saw at a stop."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hub.directory.accounts import Account
from hub.entry import Command
from signaling.services import Services


async def prepared(services: Services, command: Command, account: Account) -> Command:
    """The command with what the hub itself has to say; whatever a client said in that place is put aside."""
    if command.kind == "patrol.check" and services.patrol is not None:
        await services.patrol.settle(account.id)
    if command.kind != "patrol.keep":
        return command
    wanted = dict.fromkeys(str(stop["camera"]) for stop in command.data["stops"])
    return replace(command, data={**command.data, "cameras": await _cameras(services, list(wanted), account)})


async def _cameras(services: Services, wanted: list[str], account: Account) -> list[dict[str, Any]]:
    """Those of them that this account may watch, as the directory has them."""
    found = [await services.cameras.readable(account, camera) for camera in wanted]
    return [
        {
            "camera": each.camera,
            "name": each.name,
            "center": each.center,
            "shared": list(each.shared),
        }
        for each in found
        if each is not None
    ]
