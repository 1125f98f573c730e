"""Commands from outside: the one envelope, by whichever door it comes."""

from __future__ import annotations

import re
from typing import Any, Final

from hub.entry import Command
from hub.errors import Refusal
from hub.ids import is_id
from hub.objects.reference import named_in
from hub.rules import COMMAND_SCHEMAS, SYSTEM_COMMANDS, parse_data
from signaling.access import Access
from signaling.camera_named import with_camera
from signaling.grid_removed import nothing_registered
from signaling.http_phone_calls import with_household
from signaling.metrics import Metrics
from signaling.patrol_named import prepared
from signaling.services import Answer, Json, Services
from signaling.visit_door import in_turn
from signaling.visit_door import prepared as with_rows

_ID: Final = re.compile(r"[A-Za-z0-9._:-]{1,64}", re.ASCII)
_FIELDS: Final = frozenset({"id", "kind", "meeting", "data"})


def parse_command(body: object) -> Command:
    """The command that a body means, its data checked and normalised. Raises Refusal("invalid") by field."""
    if not isinstance(body, dict):
        raise Refusal("invalid", "a command is a JSON object")
    for name in body:
        if name not in _FIELDS:
            raise Refusal("invalid", "a command has id, kind, meeting and data", str(name)[:64])
    command_id, kind, meeting = body.get("id"), body.get("kind"), body.get("meeting")
    if not isinstance(command_id, str) or _ID.fullmatch(command_id) is None:
        raise Refusal("invalid", "an id is 1 to 64 of A-Z a-z 0-9 . _ : -", "id")
    if not isinstance(kind, str) or kind not in COMMAND_SCHEMAS or kind in SYSTEM_COMMANDS:
        raise Refusal("invalid", "there is no such command", "kind")
    if meeting is not None and not (isinstance(meeting, str) and is_id(meeting, "m")):
        raise Refusal("invalid", "a meeting is named by its id", "meeting")
    return Command(command_id, kind, meeting, parse_data(kind, body.get("data")))


def answer_to_wire(answer: Answer) -> Json:
    """The answer to a command as on the wire."""
    return {"seq": answer.seq, "entries": [entry.to_wire() for entry in answer.entries]}


async def run_command(services: Services, metrics: Metrics, access: Access, body: object) -> dict[str, Any]:
    """Parse, decide, write, answer. Raises Refusal: nothing is taken from an access that was withdrawn."""
    command = parse_command(body)
    services.accounts.withdrawal.active(access.key)
    try:
        if named := list(named_in(command.data)):
            await services.objects.about_to_name(access.require(), services.tree, named)
        command = await prepared(services, command, access.require())
        command = await with_camera(services, command, access.require())
        async with in_turn(services, command):
            command = await with_rows(services, command)
            command = await with_household(services, command)
            await nothing_registered(services, command, access.require())
            answer = await services.writer.submit(command, access.require())
    except Refusal as refusal:
        metrics.commands.labels(command.kind, refusal.code).inc()
        raise
    metrics.commands.labels(command.kind, "done").inc()
    return answer_to_wire(answer)
