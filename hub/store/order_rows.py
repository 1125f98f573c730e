"""Rows of orders: how entries make and change them. What was said to targets and by them stands in rows of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from hub.clock import to_wire
from hub.entry import Entry
from hub.journal.chain import json_text
from hub.state import TARGET_STATES
from hub.store import tables
from hub.store.bulk import Change
from hub.store.searchable import is_shared

#: What a target has reached, as numbers that sort.
STEPS: Final = {state: step for step, state in enumerate(TARGET_STATES)}
ISSUED, DELIVERED, SIGNED, RETURNED, IN_PROGRESS, COMPLETED, ACCEPTED = range(7)


def _of_target(values: str, only: str = "TRUE") -> str:
    return f"UPDATE order_targets SET {values} WHERE order_id = :order AND center = :center AND {only}"  # noqa: S608


_DELIVER: Final = _of_target("step = 1, delivered_at = :at", "step = 0")
_SIGN: Final = _of_target("step = CASE WHEN step < 2 THEN 2 ELSE step END, signed_at = :at, signed_by = :by")
_ADVANCE: Final = _of_target(
    "step = CASE WHEN step < 4 THEN 4 ELSE step END, percent = COALESCE(:percent, percent)"
)
_COMPLETE: Final = _of_target("step = 5, completed_at = :at, percent = 100, asked_due = NULL")
_ACCEPT: Final = _of_target("step = 6, accepted_at = :at")
_RETURN: Final = _of_target("step = 3, completed_at = NULL, percent = NULL, returns = returns + 1")
_URGE: Final = _of_target("urges = urges + 1")
_ASK: Final = _of_target("asked_due = :due")
_GRANT: Final = _of_target("due = :due, asked_due = NULL")
_REFUSE: Final = _of_target("asked_due = NULL")
_PASS_DOWN: Final = _of_target("step = 4", "step IN (2, 3)")

_SUPERVISE: Final = "UPDATE orders SET supervised_at = :at, supervised_by = :by WHERE id = :order"
_ESCALATE: Final = "UPDATE orders SET escalated = :escalated WHERE id = :order"
_WITHDRAW: Final = "UPDATE orders SET withdrawn = :withdrawn WHERE id = :order"
_KEEP_VERSION: Final = (
    "INSERT INTO order_versions (seq, order_id, at, by, reason, text, priority, due)"
    " SELECT :seq, id, :at, :by, :reason, text, priority, due FROM orders WHERE id = :order"
)
# Another date holds for all, also for those that were given more time.
_NO_OWN_DUES: Final = (
    "UPDATE order_targets SET due = NULL WHERE order_id = :order AND due IS NOT NULL AND EXISTS"
    " (SELECT 1 FROM orders WHERE id = :order AND COALESCE(due, '') <> :due)"
)
_CORRECT: Final = "UPDATE orders SET text = :text, priority = :priority, due = :due WHERE id = :order"
#: An order is over, for the rules.
ENDED: Final = "UPDATE orders SET ended_at = :at WHERE id = :order AND ended_at IS NULL"


def _issued(entry: Entry) -> Iterator[Change]:
    data = entry.data
    parent = data.get("parent")
    yield (
        tables.orders,
        {
            "id": data["order"],
            "seq": entry.seq,
            "meeting": entry.meeting,
            "text": data["text"],
            "priority": data["priority"],
            "due": data["due"],
            "issuer": json_text(data["issuer"]),
            "issuer_center": data["issuer"]["center"],
            "issued_at": to_wire(entry.at),
            "shared": is_shared(entry),
            "attachments": json_text(data.get("attachments", [])),
            "about": None if data.get("about") is None else json_text(data["about"]),
            "about_id": None if data.get("about") is None else data["about"]["id"],
            "number": data.get("number", ""),
            "parent": None if parent is None else json_text(parent),
            "parent_id": None if parent is None else parent["order"],
            "supervised_at": None,
            "supervised_by": None,
            "escalated": None,
            "withdrawn": None,
            "ended_at": None,
        },
    )
    for place, target in enumerate(data["targets"]):
        yield tables.order_targets, _target(data["order"], target, place)
    if parent is not None:
        yield _PASS_DOWN, {"order": parent["order"], "center": data["issuer"]["center"]}


def _target(order: str, target: dict[str, str], place: int) -> dict[str, Any]:
    return {
        "order_id": order,
        "center": target["center"],
        "place": place,
        "name": target["name"],
        "step": ISSUED,
        "delivered_at": None,
        "signed_at": None,
        "signed_by": None,
        "completed_at": None,
        "accepted_at": None,
        "percent": None,
        "due": None,
        "asked_due": None,
        "returns": 0,
        "urges": 0,
    }


def _said(entry: Entry, kind: str, center: str, **more: Any) -> Change:
    """A row of what was said; by whom it was, as it is shown."""
    data = entry.data
    by = f"{data['by']['center_name']} {data['by']['name']}" if "by" in data else data["account_name"]
    return tables.order_words, {
        "seq": entry.seq,
        "center": center,
        "order_id": data["order"],
        "kind": kind,
        "at": to_wire(entry.at),
        "text": data.get("text", data.get("reason", "")),
        "percent": None,
        "due": None,
        "by": by,
        "attachments": json_text(data.get("attachments", [])),
        **more,
    }


def _at(entry: Entry, **more: Any) -> dict[str, Any]:
    return {"order": entry.data["order"], "center": entry.data["center"], "at": to_wire(entry.at), **more}


def _delivered(entry: Entry) -> Iterator[Change]:
    yield _DELIVER, _at(entry)


def _signed(entry: Entry) -> Iterator[Change]:
    yield _SIGN, _at(entry, by=entry.data["account_name"])


def _progressed(entry: Entry) -> Iterator[Change]:
    data = entry.data
    yield _said(entry, "progress", data["center"], percent=data["percent"])
    yield _ADVANCE, _at(entry, percent=data["percent"])


def _completed(entry: Entry) -> Iterator[Change]:
    data = entry.data
    if data["text"] or data.get("attachments"):
        # What was said at the end is shown as the last of all.
        yield _said(entry, "completed", data["center"], percent=100)
    yield _COMPLETE, _at(entry)


def _accepted(entry: Entry) -> Iterator[Change]:
    for center in entry.data["centers"]:
        yield _ACCEPT, {"order": entry.data["order"], "center": center, "at": to_wire(entry.at)}


def _returned(entry: Entry) -> Iterator[Change]:
    yield _said(entry, "returned", entry.data["center"])
    yield _RETURN, _at(entry)


def _urged(entry: Entry) -> Iterator[Change]:
    for center in entry.data["centers"]:
        yield _said(entry, "urged", center)
        yield _URGE, {"order": entry.data["order"], "center": center}


def _more_time(kind: str, statement: str) -> Callable[[Entry], Iterator[Change]]:
    def project(entry: Entry) -> Iterator[Change]:
        due = entry.data.get("due")
        yield _said(entry, kind, entry.data["center"], due=due)
        yield statement, _at(entry, due=due)

    return project


def _supervised(entry: Entry) -> Iterator[Change]:
    data, on = entry.data, entry.data["on"]
    values = {"at": to_wire(entry.at) if on else None, "by": json_text(data["by"]) if on else None}
    yield _SUPERVISE, {**values, "order": data["order"]}


def _escalated(entry: Entry) -> Iterator[Change]:
    data = entry.data
    level = {"at": to_wire(entry.at), "center": data["center"], "name": data["name"]}
    yield _ESCALATE, {"escalated": json_text(level), "order": data["order"]}


def _withdrawn(entry: Entry) -> Iterator[Change]:
    data = entry.data
    withdrawn = {"at": to_wire(entry.at), "by": data["by"], "reason": data["reason"]}
    yield _WITHDRAW, {"withdrawn": json_text(withdrawn), "order": data["order"]}


def _corrected(entry: Entry) -> Iterator[Change]:
    data = entry.data
    kept = {"seq": entry.seq, "at": to_wire(entry.at), "by": json_text(data["by"]), "reason": data["reason"]}
    yield _KEEP_VERSION, {**kept, "order": data["order"]}
    yield _NO_OWN_DUES, {"order": data["order"], "due": data["due"] or ""}
    yield _CORRECT, {key: data[key] for key in ("order", "text", "priority", "due")}


#: Which function projects which kind of entry.
KINDS: Final[dict[str, Callable[[Entry], Iterator[Change]]]] = {
    "order.issued": _issued,
    "order.delivered": _delivered,
    "order.signed": _signed,
    "order.progressed": _progressed,
    "order.completed": _completed,
    "order.accepted": _accepted,
    "order.returned": _returned,
    "order.urged": _urged,
    "order.supervised": _supervised,
    "order.escalated": _escalated,
    "order.withdrawn": _withdrawn,
    "order.corrected": _corrected,
    "extension.asked": _more_time("asked", _ASK),
    "extension.granted": _more_time("granted", _GRANT),
    "extension.refused": _more_time("refused", _REFUSE),
}
