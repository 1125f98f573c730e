"""What entries about grid members' phones change in the database: rows to be read, and sign-ins that end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from hub.clock import to_wire
from hub.entry import Entry
from hub.store import tables
from hub.store.bulk import Change

_BIND: Final = "UPDATE devices SET state = 'bound', bound_at = :at, agent = :agent WHERE id = :device"
_WITHDRAW: Final = (
    "UPDATE devices SET state = 'withdrawn', withdrawn_at = :at, withdrawn_by = :by, why = :why, reason = :reason"
    " WHERE id = :device AND state <> 'withdrawn'"
)
_SIGN_OUT: Final = (
    "DELETE FROM tokens WHERE device = :device",
    "DELETE FROM device_codes WHERE device = :device",
)


def _issued(entry: Entry) -> Iterator[Change]:
    data = entry.data
    yield (
        tables.devices,
        {
            "id": data["device"],
            "seq": entry.seq,
            "account": data["account"],
            "center": data["center"],
            "state": "issued",
            "issued_at": to_wire(entry.at),
            "issued_by": entry.actor.account,
            "until": data["until"],
            "bound_at": None,
            "agent": "",
            "withdrawn_at": None,
            "withdrawn_by": None,
            "why": None,
            "reason": "",
        },
    )


def _bound(entry: Entry) -> Iterator[Change]:
    yield _BIND, {"at": to_wire(entry.at), "agent": entry.data["agent"], "device": entry.data["device"]}


def _withdrawn(entry: Entry) -> Iterator[Change]:
    told: dict[str, Any] = {name: entry.data[name] for name in ("device", "why", "reason")}
    yield _WITHDRAW, {**told, "at": to_wire(entry.at), "by": entry.actor.account}


#: Which function projects which kind of entry.
KINDS: Final[dict[str, Callable[[Entry], Iterator[Change]]]] = {
    "device.issued": _issued,
    "device.bound": _bound,
    "device.withdrawn": _withdrawn,
}


def device_effects(entry: Entry) -> Iterator[Change]:
    """A phone that is withdrawn is signed out, and a code for it opens nothing: when it is written, and never again."""
    if entry.kind == "device.withdrawn":
        for statement in _SIGN_OUT:
            yield statement, {"device": entry.data["device"]}
