"""Commands that name a camera: the directory stands outside the journal, so the edge looks it up for who asks."""

from __future__ import annotations

import dataclasses

from hub.directory.accounts import Account
from hub.entry import Command
from signaling.services import Services


async def with_camera(services: Services, command: Command, account: Account) -> Command:
    """The command with what the directory says of the camera, if the account may watch it; another command as it is.

    What a client wrote there is gone: rules decide by what was found here alone. Raises Refusal("unavailable").
    """
    if command.kind != "camera.bring":
        return command
    found = await services.cameras.readable(account, str(command.data["camera"]))
    told = {"name": found.name, "center": found.center, "sound": found.sound} if found is not None else None
    return dataclasses.replace(command, data={**command.data, "found": told})
