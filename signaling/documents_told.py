"""Telling documents: that an order, a report, a decision, a note, a recording, a booking changed, with what is new of it.

An entry marks its document; a moment later the documents are read once from the database, however many entries changed them,
and told to those who may read them. An order is told to its issuer's side whole, to a target's side as far as it is theirs.
Who is not cleared hears of what a secret meeting asks of his center, and not from where it comes; of what is secret from now on
he is told to read it again, and finds nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from hub.cameras.walls import Walls
from hub.conference.answering import Answering
from hub.conference.groups import Groups
from hub.conference.layouts import Layouts
from hub.directory.secrecy import NORMAL, without_origin
from hub.dispatch.duty_state import told_duty
from hub.dispatch.incident_state import incidents_of
from hub.entry import Entry
from hub.errors import Refusal
from hub.gates import level_of
from hub.grids.views import Views
from hub.plans.keeping import Plans
from hub.plans.wordings import Wordings
from hub.rules import ENTRIES
from hub.state import TARGET_STATES, HubState
from signaling.fan_out import FanOut
from signaling.greeting import call_of
from signaling.rooms import (
    above,
    addressed_centers,
    asked_centers,
    called_rooms,
    cleared,
    document_rooms,
    is_secret,
    is_uncleared,
    own,
    reads_of,
    uncleared_room,
)
from signaling.services import Json, Services

#: Pause after telling.
PAUSE_S: Final = 0.25
#: The same while an order waits that is new or says something else: it is to be seen at once, however much else is told.
ORDER_PAUSE_S: Final = 0.03
#: How long it is waited for a database that cannot be read.
RETRY_S: Final = 1.0
#: Events that are made in one go before others get their turn.
_TURN: Final = 200

#: Entries with which a meeting, and what came from it, is for others than before.
_OTHER_LEVEL: Final = ("secrecy.raised", "secrecy.lowered")

#: Codes of targets; None for all there are.
Scope = frozenset[str] | None

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Mark:
    """What is to be told of one document."""

    meeting: str | None
    rooms: set[str] = field(default_factory=set)
    """Who is told it whole."""
    gone: set[str] = field(default_factory=set)
    """Who is told to read it again: who sees nothing more of it, finds nothing."""
    scopes: dict[str, Scope] = field(default_factory=dict)
    """Of a new order: room -> the targets it sees."""
    rows: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Room -> centers whose row is new."""

    def take(self, older: _Mark) -> None:
        """Add what was marked before and could not be told."""
        self.rooms |= older.rooms
        self.gone |= older.gone
        self.scopes = {**older.scopes, **self.scopes}
        for room, centers in older.rows.items():
            self.rows[room] |= centers


#: (what, id) -> what is to be told.
_Marks = dict[tuple[str, str], _Mark]


class DocumentsTold:
    """Gathers which documents changed, reads them and tells them."""

    def __init__(self, services: Services, fan_out: FanOut) -> None:
        self._services = services
        self._fan_out = fan_out
        self._marks: _Marks = {}
        self._due = asyncio.Event()
        self._soon = asyncio.Event()

    def entries(self, entries: Sequence[Entry]) -> None:
        """Committed entries, just put into the state."""
        for entry in entries:
            rule = ENTRIES.get(entry.kind)
            if rule is None:
                continue
            if rule.calls and entry.meeting is not None:
                self._tell_call(entry)
            if entry.kind in _OTHER_LEVEL:
                self._mark_all_of(entry)
            if rule.document is None:
                continue
            document = rule.document
            key = (document.what, str(entry.data[document.id]))
            mark = self._marks.setdefault(key, _Mark(entry.meeting))
            if document.row is not None:
                changed = frozenset(_codes_of(entry.data[document.row]))
                if len(changed) == 1:
                    for room in document_rooms(entry, self._services.tree, self._services.writer.state):
                        mark.rows[room] |= changed
                else:
                    for room, scope in self._scopes(entry).items():
                        mark.rows[room] |= changed if scope is None else changed & scope
            elif document.gone:
                mark.gone.update(document_rooms(entry, self._services.tree, self._services.writer.state))
            elif document.what == "order":
                mark.scopes |= self._scopes(entry)
                self._soon.set()
            else:
                mark.rooms.update(document_rooms(entry, self._services.tree, self._services.writer.state))
            if document.what == "order":
                self._mark_others(entry)
            if (
                document.what == "decision"
                and entry.data.get("amends") is not None
                and entry.data.get("state", "confirmed") == "confirmed"
            ):
                # the one whose place it takes says so
                amended = self._marks.setdefault(("decision", entry.data["amends"]), _Mark(entry.meeting))
                amended.rooms.update(document_rooms(entry, self._services.tree, self._services.writer.state))
            self._due.set()

    async def run(self) -> None:
        """Tell changes until cancelled."""
        while True:
            await self._due.wait()
            try:
                await self.tell()
            except Refusal as refusal:
                log.warning("documents cannot be read, they are told later: %s", refusal.message)
                await asyncio.sleep(RETRY_S)
            except Exception:
                # Whoever follows anew reads it all; the next changes must be told.
                log.exception("changed documents could not be told")
            await asyncio.sleep(ORDER_PAUSE_S)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._soon.wait(), PAUSE_S - ORDER_PAUSE_S)

    async def tell(self) -> None:
        """Tell what changed since the last time. Raises Refusal when it cannot be read; it is kept then."""
        self._due.clear()
        self._soon.clear()
        marks, self._marks = self._marks, {}
        seq = self._services.writer.state.last_seq
        ids: dict[str, list[str]] = defaultdict(list)
        centers: dict[str, set[str]] = {}
        for (what, key), mark in marks.items():
            if mark.rooms or mark.scopes:
                ids[what].append(key)
            if mark.rows:
                centers[key] = set().union(*mark.rows.values())
        try:
            values = await self._services.queries.documents_told(ids)
            targets = await self._services.queries.targets_told(centers)
        except Refusal:
            for where, older in marks.items():
                self._marks.setdefault(where, _Mark(older.meeting)).take(older)
            self._due.set()
            raise
        values.update(told_from_state(self._services.writer.state, ids, self._services.clock()))
        for (what, key), mark in marks.items():
            head = {"what": what, "id": key, "meeting": mark.meeting, "seq": seq}
            value = values.get((what, key))
            if mark.rooms:
                self._put(head, sorted(mark.rooms), {} if value is None else {"value": value})
            if mark.gone - mark.rooms:
                self._put(head, sorted(mark.gone - mark.rooms), {})
            if mark.scopes and value is not None:
                await self._tell_order(head, value, mark.scopes)
            if mark.rows:
                await self._tell_rows(head, targets.get(key, {}), mark.rows)

    def _mark_others(self, entry: Entry) -> None:
        """What other orders show of this one: those that it passes down, and those that pass it down, when it is withdrawn."""
        orders, action = self._services.writer.state.orders, reads_of(entry.kind)
        order = orders.get(str(entry.data["order"]))
        if entry.kind == "order.withdrawn":
            for below in orders.values():
                if order is not None and below.parent == order.id:
                    codes = [below.issuer_center, *(below.closed or below.targets)]
                    mark = self._marks.setdefault(("order", below.id), _Mark(below.meeting))
                    mark.gone.update(self._readers(action, codes, below.meeting))
        while order is not None and (parent := orders.get(order.parent or "")) is not None:
            mark = self._marks.setdefault(("order", parent.id), _Mark(parent.meeting))
            readers = [parent.issuer_center, order.issuer_center]
            for room in self._readers(action, readers, parent.meeting):
                mark.rows[room].add(order.issuer_center)
            order = parent

    def _readers(self, action: str, codes: Sequence[str], meeting: str | None) -> list[str]:
        """Who reads what concerns these centers and comes from this meeting, if from any."""
        rooms = [*own(action, codes), *above(action, codes, self._services.tree)]
        secret = level_of(self._services.writer.state, meeting) != NORMAL
        return [cleared(room) for room in rooms] if secret else rooms

    def _mark_all_of(self, entry: Entry) -> None:
        """All that goes on and comes from a meeting that has another level now: whoever read it reads it again."""
        state, tree = self._services.writer.state, self._services.tree
        for order in state.orders.values():
            if order.meeting == entry.meeting:
                codes = [order.issuer_center, *(order.closed or order.targets)]
                mark = self._marks.setdefault(("order", order.id), _Mark(order.meeting))
                mark.gone.update([*own("order.read", codes), *above("order.read", codes, tree)])
        for alarm in state.alarms.values():
            if alarm.meeting == entry.meeting:
                mark = self._marks.setdefault(("alarm", alarm.id), _Mark(alarm.meeting))
                mark.gone.update(
                    [*own("alarm.read", [alarm.center]), *above("alarm.read", [alarm.center], tree)]
                )
        for incident in incidents_of(state).by_id.values():
            if incident.meeting == entry.meeting and incident.meeting is not None:
                mark = self._marks.setdefault(("incident", incident.id), _Mark(incident.meeting))
                codes = list(incident.concerned)
                mark.gone.update([*own("incident.read", codes), *above("incident.read", codes, tree)])
        self._due.set()

    def _scopes(self, entry: Entry) -> dict[str, Scope]:
        """Which targets of an order each room sees: the issuer's side all, a target's side its own."""
        action, state = reads_of(entry.kind), self._services.writer.state
        issuer = state.orders[str(entry.data["order"])].issuer_center
        scopes: dict[str, Scope] = dict.fromkeys(self._readers(action, [issuer], entry.meeting))
        seen: dict[str, set[str]] = defaultdict(set)
        for code in addressed_centers(entry):
            for room in self._readers(action, [code], entry.meeting):
                if room not in scopes:
                    seen[room].add(code)
        if is_secret(entry, state):
            for code in asked_centers(entry, state):
                seen[uncleared_room(code)].add(code)
        return {**scopes, **{room: frozenset(codes) for room, codes in seen.items()}}

    async def _tell_order(self, head: Json, order: Json, scopes: dict[str, Scope]) -> None:
        groups: dict[Scope, list[str]] = defaultdict(list)
        for room, scope in scopes.items():
            groups[scope].append(room)
        places = {target["center"]: place for place, target in enumerate(order["targets"])}
        for number, (scope, rooms) in enumerate(groups.items()):
            value = order
            if scope is not None:
                seen = [
                    order["targets"][place]
                    for place in sorted(places[code] for code in places.keys() & scope)
                ]
                value = {**order, "targets": seen, "state": _slowest(seen)}
            self._put(head, rooms, {"value": value})
            if number % _TURN == _TURN - 1:
                await asyncio.sleep(0)

    async def _tell_rows(self, head: Json, targets: Json, wanted: dict[str, set[str]]) -> None:
        groups: dict[frozenset[str], list[str]] = defaultdict(list)
        for room, centers in wanted.items():
            groups[frozenset(centers)].append(room)
        for number, (changed, rooms) in enumerate(groups.items()):
            rows = {center: targets[center] for center in sorted(changed) if center in targets}
            self._put(head, rooms, {"reported" if head["what"] == "task" else "rows": rows})
            if number % _TURN == _TURN - 1:
                await asyncio.sleep(0)

    def _tell_call(self, entry: Entry) -> None:
        """A meeting was opened, ended, calls centers again, or was declined: those are told at once, followers or not."""
        meeting = self._services.writer.state.meetings.get(entry.meeting or "")
        if meeting is not None:
            news = {"what": "meeting", "id": meeting.id, "meeting": meeting.id, "seq": entry.seq}
            named = [
                code for field in ENTRIES[entry.kind].calls_named for code in _codes_of(entry.data[field])
            ]
            state = self._services.writer.state
            if entry.kind == "secrecy.raised":
                self._fan_out.put("changed", news, [uncleared_room(code) for code in meeting.centers])
            value = call_of(self._services, meeting, named[0] if named else None)
            self._fan_out.put("changed", {**news, "value": value}, called_rooms(meeting, state, named))

    def _put(self, head: Json, rooms: list[str], news: Json) -> None:
        self._fan_out.put("changed", {**head, **news}, [room for room in rooms if not is_uncleared(room)])
        asked = [room for room in rooms if is_uncleared(room)]
        if asked:
            value = {"value": without_origin(news["value"])} if "value" in news else {}
            self._fan_out.put("changed", {**head, "meeting": None, **news, **value}, asked)


def told_from_state(
    state: HubState, ids: Mapping[str, Sequence[str]], now: datetime
) -> dict[tuple[str, str], Json]:
    """The documents that the committed state holds itself; one that is gone is told without a value."""
    groups, answering = state.parts.read(Groups).by_id, state.parts.read(Answering)
    found: dict[tuple[str, str], Json] = {
        ("group", each): groups[each].to_wire() for each in ids.get("group", ()) if each in groups
    }
    layouts = state.parts.read(Layouts).by_id
    found |= {("layout", each): layouts[each].to_wire() for each in ids.get("layout", ()) if each in layouts}
    walls = state.parts.read(Walls).by_id
    found |= {("wall", each): walls[each].to_wire() for each in ids.get("wall", ()) if each in walls}
    views = state.parts.read(Views).by_id
    found |= {("view", each): views[each].to_wire() for each in ids.get("view", ()) if each in views}
    plans = state.parts.read(Plans).by_id
    found |= {("plan", each): plans[each].to_wire() for each in ids.get("plan", ()) if each in plans}
    wordings = state.parts.read(Wordings).by_id
    found |= {
        ("wording", each): wordings[each].to_wire() for each in ids.get("wording", ()) if each in wordings
    }
    for center in ids.get("answering", ()):
        found["answering", center] = {"center": center, "seconds": answering.of(center)}
    for center in ids.get("duty", ()):
        found["duty", center] = told_duty(state, center, now)
    return found


def _codes_of(told: str | list[str]) -> list[str]:
    return [told] if isinstance(told, str) else told


def _slowest(targets: list[Json]) -> str:
    return min((target["state"] for target in targets), key=TARGET_STATES.index, default=TARGET_STATES[0])
