"""Presence: which centers and participants are there now. Told in batches, at most four times a second."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from aiohttp import web

from hub.clock import to_wire
from hub.directory.accounts import Account
from hub.directory.permissions import may
from hub.directory.secrecy import NORMAL
from hub.entry import Entry
from signaling.fan_out import FanOut
from signaling.hub_watch import spread_ms
from signaling.mass_loss import MassLoss
from signaling.rooms import SEES_ALL, account_room, desk_room, is_desk, sight_room, sight_room_of
from signaling.services import Json, Services
from signaling.socket_bodies import Device

#: Pause between two batches of changes.
BATCH_S: Final = 0.25
#: How long a lost socket counts as coming back.
GRACE_S: Final = 10.0


class Presence:
    """Follows sockets, joinings and media, and tells what changed to those who may see it."""

    def __init__(
        self, services: Services, fan_out: FanOut, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._services = services
        self._fan_out = fan_out
        self._now = now
        self._sockets: dict[str, set[str]] = defaultdict(set)  # account -> sids
        self._lost: dict[str, float] = {}  # account without a socket -> when it is given up
        self._given_up: set[str] = set()  # account that had a socket, and did not come back in time
        self._centers: dict[str, str] = {}  # account with or lately with sockets -> its center
        self._present: dict[str, set[str]] = defaultdict(set)  # center -> those accounts
        self._joined: dict[str, set[str]] = defaultdict(set)  # account -> open meetings
        self._publishing: dict[str, frozenset[str]] = {}  # meeting -> accounts
        self._screens: dict[str, frozenset[str]] = {}  # meeting -> accounts that send their screen
        self._devices: dict[tuple[str, str], Device] = {}  # (meeting, account) -> as last told
        self._away: dict[str, str] = {}  # account in a meeting without a connection -> since when
        self._gone: dict[str, str] = {}  # center -> when somebody there was given up
        self._told_centers: dict[str, str] = {}
        self._told: dict[str, dict[str, Json]] = defaultdict(dict)  # meeting -> account -> as told
        self._stale_centers: set[str] = set()
        self._stale: dict[str, set[str]] = defaultdict(set)  # meeting -> accounts
        self._changed = asyncio.Event()
        self.losses = MassLoss()

    def take_state(self) -> None:
        """Learn from the committed state who is in which meeting; once, at the start.

        They were here before the hub began anew, and are coming back: nobody is called offline who had no time to.
        """
        for meeting in self._services.writer.state.meetings.values():
            for participant in meeting.joined if meeting.is_open else ():
                self._joined[participant.id].add(meeting.id)
        until = self._now() + GRACE_S + spread_ms(len(self._joined)) / 1000
        self._lost.update(dict.fromkeys(self._joined, until))

    def connected(self, account: Account, sid: str) -> None:
        """A socket of this account is open."""
        self._sockets[account.id].add(sid)
        self._lost.pop(account.id, None)
        self._given_up.discard(account.id)
        before = self._centers.get(account.id, account.center)
        if before != account.center:
            self._present[before].discard(account.id)
            self._stale_centers.add(before)
        # a center is there when somebody is who can answer a call and carry out an order: no clerk, no administrator
        if may(account, "order.carry_out", self._services.tree, account.center):
            self._centers[account.id] = account.center
            self._present[account.center].add(account.id)
        self._touch(account.id)

    def disconnected(self, account: Account, sid: str) -> None:
        """A socket of this account is gone; with its last one the account counts as reconnecting for a while."""
        sids = self._sockets.get(account.id, set())
        sids.discard(sid)
        if not sids:
            self._sockets.pop(account.id, None)
            self._forget_line(account.id)
            self._lost[account.id] = self._now() + GRACE_S
            self._touch(account.id)

    def device(self, account: Account, told: Device) -> None:
        """What the account says of its camera, microphone and line in a meeting."""
        self._devices[told.meeting, account.id] = told
        self._touch_participant(told.meeting, account.id)

    def relayed(self) -> int:
        """How many participants of all meetings are connected over the relay."""
        return sum(told.way == "relay" for told in self._devices.values())

    def _forget_line(self, account: str) -> None:
        """His page is gone: what it said of the line may hold no longer, and the next one says it anew."""
        for meeting in self._joined.get(account, ()):
            told = self._devices.get((meeting, account))
            if told is not None:
                unknown = {"way": None, "pictures": "all", "weak": False}
                self._devices[meeting, account] = told.model_copy(update=unknown)

    def sources(self, meeting: str, event: Json) -> None:
        """Who sends media in a meeting: what the event `sources` says of it."""
        found = self._services.writer.state.meetings.get(meeting)
        if found is None or not found.is_open:
            return  # a node's last words: nothing of them is kept
        before = self._publishing.get(meeting, frozenset())
        sending = frozenset(str(source["participant"]) for source in event["sources"])
        after = sending if event["full"] else (before | sending) - frozenset(event["gone"])
        self._publishing[meeting] = after
        screens = frozenset(str(one["participant"]) for one in event["sources"] if one.get("screen"))
        kept = frozenset() if event["full"] else self._screens.get(meeting, frozenset())
        self._screens[meeting] = (kept - sending - frozenset(event["gone"])) | screens
        for account in before ^ after:
            self._touch_participant(meeting, account)

    def entries(self, entries: Sequence[Entry]) -> None:
        """Committed entries: who is in which meeting."""
        for entry in entries:
            if entry.kind in ("secrecy.raised", "secrecy.lowered"):
                for account in [who for who, where in self._joined.items() if entry.meeting in where]:
                    self._touch(account)
            if entry.meeting is None or not entry.kind.startswith(("meeting.", "participant.")):
                continue
            if entry.kind == "meeting.joined":
                account = str(entry.data["participant"]["id"])
                self._joined[account].add(entry.meeting)
                self._touch(account)
                self._touch_participant(entry.meeting, account)
            elif entry.kind in {"meeting.left", "participant.removed"}:
                self._leave(entry.meeting, str(entry.data["participant"]))
            elif entry.kind == "meeting.ended":
                for account in [who for who, where in self._joined.items() if entry.meeting in where]:
                    self._leave(entry.meeting, account)
                self._publishing.pop(entry.meeting, None)
                self._screens.pop(entry.meeting, None)
                self._told.pop(entry.meeting, None)
                self._stale.pop(entry.meeting, None)
                self.losses.ended(entry.meeting)

    def centers_in_sight(self, account: Account) -> Json:
        """The full `presence` event for one who has just connected; centers that are not in it are offline."""
        seen = [
            {"code": code, "state": state}
            for code in self._codes_in_sight(account)
            if (state := self._center_state(code)) != "offline"
        ]
        return {"centers": seen, "full": True}

    def _codes_in_sight(self, account: Account) -> list[str]:
        """The centers that this account may see: the line above its own and all below, or all there are."""
        tree, own = self._services.tree, account.center
        if sight_room(account) == SEES_ALL:
            return list(self._present)
        line = [center.code for center in (*tree.path(own)[:-1], *tree.subtree(own))]
        return [code for code in line if may(account, "center.read", tree, code)]

    def participants(self, meeting: str, account: Account) -> list[Json]:
        """How those who are in the meeting are there, for one who begins to follow; who is no desk is told of himself."""
        found = self._services.writer.state.meetings.get(meeting)
        if found is None:
            return []
        if is_desk(account):
            return [self._participant(meeting, seat.id) for seat in found.joined]
        own = found.seats.get(account.id)
        return [self._participant(meeting, account.id)] if own is not None and own.state == "joined" else []

    def state_of(self, code: str) -> str:
        """`in_meeting`, `online` or `offline`."""
        return self._center_state(code)

    def absent(self) -> set[tuple[str, str]]:
        """Who is in which meeting and lost his page, did not come back in time, and sends nothing: (meeting, account).

        Whoever never had a page here (a tool) is not among them.
        """
        return {
            (meeting, account)
            for account in self._given_up
            for meeting in self._joined.get(account, ())
            if not self.is_there(meeting, account)
        }

    def is_there(self, meeting: str, account: str) -> bool:
        """Whether the account has a page open, or sends in this meeting."""
        return account in self._sockets or account in self._publishing.get(meeting, frozenset())

    def sends_screen(self, meeting: str, account: str) -> bool:
        """Whether his screen comes to this meeting."""
        return account in self._screens.get(meeting, frozenset())

    def gone_at(self, code: str) -> str:
        """When somebody of this center was last given up, since this process began; empty: nobody was."""
        return self._gone.get(code, "")

    def device_of(self, code: str) -> Device | None:
        """What somebody of this center has told of his devices in the meeting he is in; None: nothing told."""
        there = self._present.get(code, set())
        told = [
            device
            for (meeting, account), device in self._devices.items()
            if account in there and meeting in self._joined.get(account, ())
        ]
        return told[-1] if told else None

    async def run(self) -> None:
        """Tell changes until cancelled."""
        while True:
            try:
                async with asyncio.timeout(1.0 if self._lost else None):
                    await self._changed.wait()
            except TimeoutError:
                pass
            self._changed.clear()
            self.give_up_lost()
            self.tell_changes()
            await asyncio.sleep(BATCH_S)

    def tell_changes(self) -> None:
        """Send what changed since the last time."""
        changes = []
        for code in self._stale_centers:
            state = self._center_state(code)
            if self._told_centers.get(code, "offline") != state:
                self._told_centers[code] = state
                changes.append({"code": code, "state": state})
        self._stale_centers.clear()
        for rooms, batch in self._addressed(changes):
            self._fan_out.put("presence", {"centers": batch, "full": False}, rooms)
        stale, self._stale = self._stale, defaultdict(set)
        for meeting, accounts in stale.items():
            told = self._told[meeting]
            news = [one for who in accounts if told.get(who) != (one := self._participant(meeting, who))]
            told.update((one["id"], one) for one in news)
            for one in news:
                self.losses.seen(meeting, one["id"], one["state"] == "online", self._now())
            if news:
                event = {"meeting": meeting, "participants": news}
                self._fan_out.put("presence", event, [desk_room(meeting)])
                for one in news:
                    own = {"meeting": meeting, "participants": [one]}
                    self._fan_out.put("presence", own, [account_room(one["id"])])

    def _addressed(self, changes: Iterable[Json]) -> Iterable[tuple[list[str], list[Json]]]:
        """Who is told what: receivers with the same changes in sight share one event."""
        tree = self._services.tree
        seen_by: dict[str, list[Json]] = defaultdict(list)
        all_changes = list(changes)
        watching = {code for code, accounts in self._present.items() if accounts}
        for change in all_changes:
            code = change["code"]
            near = {center.code for center in tree.path(code)} | {c.code for c in tree.subtree(code)}
            for center in near & watching:
                seen_by[center].append(change)
        groups: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for center, batch in seen_by.items():
            groups[tuple(change["code"] for change in batch)].append(center)
        for centers in groups.values():
            yield [sight_room_of(center) for center in centers], seen_by[centers[0]]
        if all_changes:
            yield [SEES_ALL], all_changes

    def _leave(self, meeting: str, account: str) -> None:
        self._joined[account].discard(meeting)
        if not self._joined[account]:
            del self._joined[account]
            self._away.pop(account, None)
            self._given_up.discard(account)
        self._devices.pop((meeting, account), None)
        self._told.get(meeting, {}).pop(account, None)
        self._stale[meeting].discard(account)
        self.losses.left(meeting, account)
        self._touch(account)

    def give_up_lost(self) -> None:
        """Who did not come back in time is offline."""
        now = self._now()
        for account in [who for who, until in self._lost.items() if until <= now]:
            del self._lost[account]
            self._given_up.add(account)
            self._touch(account)
            center = self._centers.pop(account, None)
            if center is not None:
                self._present[center].discard(account)
                self._gone[center] = to_wire(self._services.clock())

    def _touch(self, account: str) -> None:
        center = self._centers.get(account)
        if center is not None:
            self._stale_centers.add(center)
        for meeting in self._joined.get(account, ()):
            self._stale[meeting].add(account)
        self._changed.set()

    def _touch_participant(self, meeting: str, account: str) -> None:
        if meeting in self._joined.get(account, ()):
            self._stale[meeting].add(account)
            self._changed.set()

    def _center_state(self, code: str) -> str:
        accounts = self._present.get(code, set())
        # That a center is in a secret meeting is nobody's to see.
        meetings = self._services.writer.state.meetings
        if any(
            (found := meetings.get(each)) is None or found.level == NORMAL
            for account in accounts
            for each in self._joined.get(account, ())
        ):
            return "in_meeting"
        return "online" if accounts else "offline"

    def _participant(self, meeting: str, account: str) -> dict[str, Any]:
        publishing = account in self._publishing.get(meeting, frozenset())
        away = "reconnecting" if account in self._lost else "offline"
        state = "online" if self.is_there(meeting, account) else away
        since = None
        if state == "online":
            self._away.pop(account, None)
        elif (since := self._away.get(account)) is None:
            since = self._away[account] = to_wire(self._services.clock())
        told = self._devices.get((meeting, account))
        return {
            "id": account,
            "state": state,
            "since": since,
            "camera": told and told.camera,
            "microphone": told and told.microphone,
            "publishing": publishing,
            "way": told and told.way,
            "pictures": told.pictures if told is not None else "all",
            "weak": told is not None and told.weak,
        }


#: Where other parts of the edge ask who is there.
PRESENCE: Final = web.AppKey("presence", Presence)
