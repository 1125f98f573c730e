"""The greeting of a socket: who one is, which meetings call, which orders wait; from the committed state as far as it goes.

Thousands of pages come back at once after a restart of the hub: what the state has in memory is not asked of the database.
"""

from __future__ import annotations

from hub.clock import to_wire
from hub.conference.answering import Answering
from hub.conference.calls import Calls
from hub.conference.recording import RunningRecording
from hub.directory.accounts import Account
from hub.directory.permissions import may, rights
from hub.state import HubState, Meeting
from signaling.accounts import account_to_wire
from signaling.checks_told import asked
from signaling.recording_told import with_recording_state
from signaling.services import Json, Services
from signaling.sight import is_removed, sees


async def greeting(services: Services, account: Account) -> Json:
    """The `hello` event of docs/protocol.md."""
    seq = services.writer.state.last_seq
    return {
        "account": account_to_wire(account, services.tree),
        "calls": calls(services, account),
        "orders": await _open_orders(services, account),
        "checks": asked(services.writer.state, account),
        "seq": seq,
        "demo": services.demo,
        "can": rights(account, services.tree),
        "answers_after_s": services.writer.state.parts.read(Answering).of(account.center),
    }


def calls(services: Services, account: Account) -> list[Json]:
    """Open meetings that call the account's center or that it is in, newest first; not those it was removed from."""
    return [
        call_of(services, meeting, account.center)
        for meeting in reversed(services.writer.state.meetings.values())
        if meeting.is_open and _concerns(services, account, meeting)
    ]


def _concerns(services: Services, account: Account, meeting: Meeting) -> bool:
    seat = meeting.seats.get(account.id)
    inside = seat is not None and seat.state == "joined"
    if not inside and account.center not in meeting.centers:
        return False
    return not is_removed(meeting, account) and sees(services.tree, account, meeting)


def call_of(services: Services, meeting: Meeting, center: str | None = None) -> Json:
    """What a center is told of a meeting that calls it; None for what all are told."""
    row = meeting.read(Calls).rows.get(center or "")
    call = {
        "id": meeting.id,
        "title": meeting.title,
        "kind": meeting.kind,
        "drill": meeting.drill,
        "level": meeting.level,
        "state": "open" if meeting.is_open else "ended",
        "chair": meeting.chair.model_dump(mode="json"),
        "called": len(meeting.centers),
        "opened_at": to_wire(meeting.opened_at),
        "rung_at": to_wire(meeting.opened_at) if row is None else row.called_at,
        "declined": None if row is None or row.declined is None else row.declined.reason,
        "recording": meeting.read(RunningRecording).running,
    }
    return with_recording_state(services, call)


async def _open_orders(services: Services, account: Account) -> list[Json]:
    """The orders to the account's own center that it has not completed, newest first."""
    if not may(account, "order.read", services.tree, account.center):
        return []
    if not _has_open_order(services.writer.state, account.center):
        return []
    return await services.queries.open_orders(account, services.tree)


def _has_open_order(state: HubState, center: str) -> bool:
    """Whether an order to this center is not completed; orders all of whose targets are, need not be in the state."""
    return any(order.targets.get(center, "completed") != "completed" for order in state.orders.values())
