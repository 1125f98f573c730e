"""Bookings: made, approved, told of, opened by themselves, held; and all that may come between."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from hub.clock import from_wire, to_wire
from hub.codes import PackedCodes
from hub.conference.booking_conflicts import conflicts
from hub.conference.booking_state import GRACE, Bookings, bookings_of
from hub.conference.chair import RULES as CHAIR
from hub.conference.chair_shapes import Chair
from hub.conference.term import Term
from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.entry import Entry
from hub.errors import Refusal
from hub.people import Accounts
from hub.rules import FILES, apply
from hub.ruling import Due
from tests.support.rules import (
    CITY,
    COUNTY,
    OTHER_COUNTY,
    OTHER_TOWN,
    OTHER_VILLAGE,
    TOWN,
    VILLAGE,
    World,
    account,
)

LEADER, DISPATCHER = account("leader", COUNTY), account("dispatcher", COUNTY)
MAYOR, VILLAGER, STRANGER = (
    account("leader", CITY),
    account("station", VILLAGE),
    account("leader", OTHER_COUNTY),
)
PEOPLE = (LEADER, DISPATCHER, MAYOR, VILLAGER, STRANGER, account("dispatcher", COUNTY, number=1))


class Hub(World):
    """A world with these people, whose clock brings what is due."""

    def __init__(self) -> None:
        super().__init__()
        for who in PEOPLE:
            self.state.parts.edit(Accounts).put(who)

    def book(self, who: Account = DISPATCHER, /, ahead: float = 60, **more: Any) -> str:
        """A booking that begins so many minutes from now; its id."""
        data: dict[str, Any] = {"title": "防汛调度", "kind": "dispatch", "centers": [VILLAGE], **more}
        made = self.do(who, "booking.make", starts_at=self.moment(ahead), **data)
        return str(made[0].data["booking"])

    def moment(self, ahead: float) -> str:
        return to_wire(self.now + timedelta(minutes=ahead))

    def require(self, required: bool = True) -> None:
        self.do(LEADER, "booking.require_approval", center=COUNTY, required=required)

    def run_to(self, moment: datetime) -> list[Entry]:
        """Let time pass to a moment: what is due is given by then, as the clockwork does."""
        made: list[Entry] = []
        while (due := self.due()) is not None and due.at <= moment:
            self.now = max(self.now, due.at)
            entries = self.do(SYSTEM_ACCOUNT, due.kind, **due.data)
            assert entries, f"{due} changed nothing"
            made += entries
        self.now = max(self.now, moment)
        return made

    def pass_minutes(self, minutes: float) -> list[str]:
        """The kinds of entries that time brings."""
        return [entry.kind for entry in self.run_to(self.now + timedelta(minutes=minutes))]

    def due(self) -> Due | None:
        (ask,) = [file.hub_due for file in FILES if file.name == "bookings"]
        assert ask is not None
        return ask(self.state)

    def refused(self, who: Account, kind: str, /, **data: Any) -> tuple[str, str | None]:
        with pytest.raises(Refusal) as caught:
            self.do(who, kind, **data)
        return caught.value.code, caught.value.field


def words(entry: Entry) -> set[str]:
    return {word.removeprefix("center:") for word in entry.audience}


def test_a_booking_is_approved_told_of_opened_by_itself_held_and_ended() -> None:
    hub = Hub()
    hub.require()
    booking = hub.book(ahead=60, centers=[VILLAGE, TOWN], notice_minutes=10)
    proposed = hub.entries[-1]
    assert proposed.data["state"] == "proposed"
    assert words(proposed) == {COUNTY}, "those called hear of it only when it is approved"
    assert hub.refused(DISPATCHER, "booking.approve", booking=booking) == ("forbidden", "booking")
    (approved,) = hub.do(LEADER, "booking.approve", booking=booking)
    assert words(approved) == {COUNTY, VILLAGE, TOWN}
    assert hub.pass_minutes(49) == []
    assert hub.pass_minutes(1.5) == ["booking.noticed"]
    assert hub.pass_minutes(8) == []
    assert hub.pass_minutes(2) == ["meeting.opened", "recording.started", "booking.opened"]
    opened = hub.entries[-3]
    assert opened.data["booking"] == booking
    assert opened.data["chair"]["id"] == DISPATCHER.id
    assert set(opened.data["centers"]) == {COUNTY, TOWN, VILLAGE}
    assert opened.data["centers"][0] == COUNTY
    meeting = str(opened.meeting)
    assert hub.entries[-1].data == {"booking": booking, "opened": meeting}
    hub.do(VILLAGER, "meeting.join", meeting)
    assert hub.pass_minutes(120) == [], "somebody came"
    ended = [entry.kind for entry in hub.do(DISPATCHER, "meeting.end", meeting)]
    assert ended[-2:] == ["meeting.ended", "booking.held"]
    assert hub.due() is None
    assert hub.refused(DISPATCHER, "booking.cancel", booking=booking, reason="迟了") == (
        "already_done",
        "booking",
    )
    assert hub.refused(STRANGER, "booking.cancel", booking=booking, reason="迟了") == ("not_found", "booking")


def test_a_leaders_own_booking_needs_nobody_and_no_center_needs_approval_unasked() -> None:
    hub = Hub()
    hub.book(DISPATCHER)
    assert hub.entries[-1].data["state"] == "approved"
    hub.require()
    hub.book(LEADER)
    assert hub.entries[-1].data["state"] == "approved"
    hub.book(MAYOR, centers=[COUNTY], ahead=300)
    assert hub.entries[-1].data["state"] == "approved", "the county's setting is not the city's"
    assert hub.do(LEADER, "booking.require_approval", center=COUNTY, required=True) == []
    assert (
        hub.refused(DISPATCHER, "booking.require_approval", center=COUNTY, required=False)[0] == "forbidden"
    )
    assert hub.refused(STRANGER, "booking.require_approval", center=COUNTY, required=False)[0] == "not_found"
    assert hub.do(MAYOR, "booking.require_approval", center=COUNTY, required=False)
    hub.book(account("dispatcher", COUNTY, number=1))
    assert hub.entries[-1].data["state"] == "approved"


def test_who_approves_is_a_leader_of_the_center_or_above() -> None:
    hub = Hub()
    hub.require()
    booking = hub.book()
    assert hub.refused(STRANGER, "booking.approve", booking=booking) == ("not_found", "booking")
    assert hub.refused(account("leader", TOWN), "booking.approve", booking=booking) == (
        "not_found",
        "booking",
    )
    assert hub.do(MAYOR, "booking.approve", booking=booking)
    assert hub.refused(LEADER, "booking.approve", booking=booking) == ("wrong_state", "booking")
    assert hub.refused(account("leader", TOWN), "booking.approve", booking=booking) == (
        "forbidden",
        "booking",
    )


def test_what_is_rejected_is_over_and_those_called_never_hear_of_it() -> None:
    hub = Hub()
    hub.require()
    booking = hub.book()
    (rejected,) = hub.do(LEADER, "booking.reject", booking=booking, reason="与县委会冲突")
    assert words(rejected) == {COUNTY}
    assert rejected.data["reason"] == "与县委会冲突"
    assert hub.due() is None
    assert hub.refused(LEADER, "booking.approve", booking=booking) == ("already_done", "booking")


def test_a_change_after_approval_needs_approval_again_unless_a_leader_makes_it() -> None:
    hub = Hub()
    hub.require()
    booking = hub.book(centers=[VILLAGE, OTHER_VILLAGE])
    hub.do(LEADER, "booking.approve", booking=booking)
    fields = {"booking": booking, "title": "防汛会商", "kind": "consultation", "centers": [VILLAGE, TOWN]}
    changed, off = hub.do(DISPATCHER, "booking.change", starts_at=hub.moment(90), **fields)
    assert changed.data["state"] == "proposed"
    assert words(changed) == {COUNTY, VILLAGE, TOWN}, "they were told once: they must know that it moved"
    assert (off.kind, words(off)) == ("booking.called_off", {OTHER_VILLAGE})
    assert hub.pass_minutes(75) == [], "no notice of what is not approved"
    hub.do(LEADER, "booking.approve", booking=booking)
    assert hub.pass_minutes(10) == ["booking.noticed"]
    again, *_ = hub.do(LEADER, "booking.change", starts_at=hub.moment(60), **fields)
    assert again.data["state"] == "approved"
    assert again.data["by"]["account"] == DISPATCHER.id
    assert again.data["changed_by"]["account"] == LEADER.id
    assert hub.pass_minutes(51) == ["booking.noticed"], "another time is told of again"


def test_what_nobody_approves_in_time_is_missed() -> None:
    hub = Hub()
    hub.require()
    hub.book()
    assert hub.pass_minutes(61) == ["booking.missed"]
    assert hub.entries[-1].data["reason"] == "not_approved"
    assert words(hub.entries[-1]) == {COUNTY}


def test_one_that_does_not_open_by_itself_waits_for_its_chair_and_is_missed_without_him() -> None:
    hub = Hub()
    booking = hub.book(by_itself=False)
    assert hub.pass_minutes(61) == ["booking.noticed"]
    assert hub.pass_minutes(20) == []
    assert hub.refused(VILLAGER, "booking.open", booking=booking) == ("forbidden", "booking")
    opened = hub.do(LEADER, "booking.open", booking=booking)
    assert opened[0].kind == "meeting.opened"
    assert opened[0].data["chair"]["id"] == DISPATCHER.id
    assert hub.refused(LEADER, "booking.open", booking=booking) == ("wrong_state", "booking")
    other = hub.book(by_itself=False, notice_minutes=0, ahead=200)
    assert hub.pass_minutes(201 + GRACE.seconds / 60) == [
        "recording.stopped",
        "meeting.ended",
        "booking.missed",
        "booking.missed",
    ]
    assert hub.entries[-1].data == {"booking": other, "reason": "not_opened"}
    assert hub.entries[-2].data == {"booking": booking, "reason": "nobody_came"}


def test_a_meeting_to_which_nobody_comes_is_ended() -> None:
    hub = Hub()
    hub.book(record=False, notice_minutes=0)
    assert hub.pass_minutes(61) == ["meeting.opened", "booking.opened"]
    assert hub.pass_minutes(30) == ["meeting.ended", "booking.missed"]
    assert hub.entries[-1].data["reason"] == "nobody_came"


def test_a_booked_meeting_knows_when_it_is_planned_to_end() -> None:
    hub = Hub()
    hub.book(record=False, notice_minutes=0, minutes=45)
    starts_at = from_wire(hub.entries[-1].data["starts_at"])
    hub.pass_minutes(61)
    opened = hub.entries[-2]
    assert from_wire(opened.data["ends_at"]) == starts_at + timedelta(minutes=45)
    assert hub.state.meetings[opened.meeting or ""].read(Term).ends_at == opened.data["ends_at"]
    # opened so late that its end has passed, it lasts as long as it was booked for
    hub.book(record=False, notice_minutes=0, minutes=10)
    hub.now += timedelta(minutes=80)
    hub.pass_minutes(1)
    late = [entry for entry in hub.entries if entry.kind == "meeting.opened"][-1]
    assert from_wire(late.data["ends_at"]) == late.at + timedelta(minutes=10)


def test_a_hub_that_did_not_run_opens_what_is_a_little_late_and_nothing_that_is_stale() -> None:
    hub = Hub()
    hub.book(record=False)
    hub.now += timedelta(minutes=80)
    assert hub.pass_minutes(1) == ["meeting.opened", "booking.opened"]
    hub.do(VILLAGER, "meeting.join", str(hub.entries[-2].meeting))
    hub.book(ahead=60)
    hub.now += timedelta(minutes=60) + GRACE
    assert hub.pass_minutes(1) == ["booking.missed"]
    assert hub.entries[-1].data["reason"] == "late"


def test_a_chair_who_cannot_any_more_is_followed_by_who_booked_and_then_by_nobody() -> None:
    hub = Hub()
    hub.book(DISPATCHER, chair=LEADER.id, record=False)
    hub.state.parts.edit(Accounts).drop(LEADER.id)
    assert hub.pass_minutes(61) == ["booking.noticed", "meeting.opened", "booking.opened"]
    assert hub.entries[-2].data["chair"]["id"] == DISPATCHER.id
    hub.do(VILLAGER, "meeting.join", str(hub.entries[-2].meeting))
    hub.book(MAYOR, record=False)
    hub.state.parts.edit(Accounts).drop(MAYOR.id)
    assert hub.pass_minutes(61) == ["booking.noticed", "booking.missed"]
    assert hub.entries[-1].data["reason"] == "nobody_to_call"


def test_who_leads_is_in_sight_and_may_call_all() -> None:
    hub = Hub()
    hub.book(DISPATCHER, chair=LEADER.id)
    assert hub.entries[-1].data["chair"]["name"] == LEADER.name
    data = {"title": "会", "kind": "dispatch", "starts_at": hub.moment(500)}
    for who in (STRANGER, MAYOR):
        refused = hub.refused(DISPATCHER, "booking.make", centers=[VILLAGE], chair=who.id, **data)
        assert refused == ("not_found", "chair")
    refused = hub.refused(DISPATCHER, "booking.make", centers=[VILLAGE], chair=VILLAGER.id, **data)
    assert refused == ("forbidden", "chair"), "a station leads no meeting"
    refused = hub.refused(MAYOR, "booking.make", centers=[OTHER_TOWN], chair=LEADER.id, **data)
    assert refused == ("forbidden", "chair")


def test_who_stands_by_is_named_with_the_booking_and_stands_by_when_it_opens() -> None:
    hub = Hub()
    hub.book(LEADER, backup=DISPATCHER.id, record=False)
    assert hub.entries[-1].data["backup"]["account"] == DISPATCHER.id
    assert hub.pass_minutes(61) == [
        "booking.noticed",
        "meeting.opened",
        "chair.backup_named",
        "booking.opened",
    ]
    meeting = hub.state.meetings[str(hub.entries[-2].meeting)]
    backup = meeting.read(Chair).backup
    assert backup is not None
    assert (backup.id, backup.name) == (DISPATCHER.id, DISPATCHER.name)
    # he takes over from a chair who never came
    hub.do(DISPATCHER, "meeting.join", meeting.id)
    assert CHAIR.due is not None
    due = CHAIR.due(meeting)
    assert due is not None
    hub.now = due.at
    hub.do(SYSTEM_ACCOUNT, due.kind, meeting.id)
    assert meeting.chair.id == DISPATCHER.id


def test_who_stands_by_may_come_and_lead_and_is_not_the_chair() -> None:
    hub = Hub()
    data = {"title": "会", "kind": "dispatch", "starts_at": hub.moment(500), "centers": [VILLAGE]}

    def refused(who: Account, backup: str, **more: Any) -> tuple[str, str | None]:
        return hub.refused(who, "booking.make", **{**data, **more}, backup=backup)

    assert refused(LEADER, LEADER.id) == ("invalid", "backup")
    assert refused(LEADER, STRANGER.id) == ("not_found", "backup")
    assert refused(LEADER, VILLAGER.id) == ("forbidden", "backup"), "a station leads no meeting"
    assert refused(MAYOR, LEADER.id, centers=[OTHER_TOWN]) == ("forbidden", "backup"), "he is not called"
    assert hub.do(MAYOR, "booking.make", **{**data, "centers": [COUNTY]}, backup=LEADER.id)
    # whoever stood by and is gone when it opens is not named
    hub = Hub()
    hub.book(LEADER, backup=DISPATCHER.id, record=False)
    hub.state.parts.edit(Accounts).drop(DISPATCHER.id)
    assert "chair.backup_named" not in hub.pass_minutes(61)


def test_the_same_chair_twice_is_refused_unless_confirmed_and_centers_never_are() -> None:
    hub = Hub()
    first = hub.book(centers=[VILLAGE], ahead=60, minutes=60)
    data = {"title": "会", "kind": "dispatch", "centers": [OTHER_VILLAGE], "starts_at": hub.moment(119)}
    assert hub.refused(DISPATCHER, "booking.make", **data) == ("conflict", "chair")
    assert hub.do(DISPATCHER, "booking.make", confirmed=True, **data)
    assert hub.do(LEADER, "booking.make", **{**data, "centers": [VILLAGE]}), "another chair may call the same"
    later = {**data, "starts_at": hub.moment(240), "centers": [VILLAGE], "booking": first}
    assert hub.do(DISPATCHER, "booking.change", **later), "a booking is not in its own way"


def test_conflicts_are_told_by_center_and_chair_with_running_meetings() -> None:
    hub = Hub()
    booked = hub.book(centers=[VILLAGE, TOWN], ahead=60, minutes=60)
    running = hub.open(MAYOR, OTHER_VILLAGE)

    def found(
        centers: list[str], chair: Account, ahead: float, minutes: int = 30
    ) -> list[tuple[str, tuple[str, ...], bool]]:
        met = conflicts(
            hub.state,
            starts_at=hub.now + timedelta(minutes=ahead),
            minutes=minutes,
            centers=PackedCodes(centers),
            chair=chair.id,
            chair_center=chair.center,
            now=hub.now,
        )
        return [(each.id, tuple(each.centers), each.same_chair) for each in met]

    assert found([VILLAGE, OTHER_VILLAGE], LEADER, 29) == [(running, (OTHER_VILLAGE,), False)]
    assert found([VILLAGE], LEADER, 45) == [(booked, (VILLAGE,), False)]
    assert found([OTHER_VILLAGE], LEADER, 90) == [], "a running meeting is taken to go on for an hour"
    assert found([OTHER_TOWN], DISPATCHER, 90) == [(booked, (), True)]
    assert found([VILLAGE], DISPATCHER, 121) == [], "it is over then"
    assert found([VILLAGE], DISPATCHER, 29) == [], "this one is over before"


def test_reaches_are_words_for_the_centers_that_there_are() -> None:
    hub = Hub()
    hub.book(MAYOR, centers=[], reaches=[{"center": CITY, "to": "county"}, {"center": TOWN, "to": "village"}])
    assert set(hub.entries[-1].data["centers"]) == {CITY, COUNTY, OTHER_COUNTY, TOWN, VILLAGE, OTHER_VILLAGE}
    assert hub.entries[-1].data["names"][:2] == ["岳阳市", "临湘市"]
    data = {"title": "会", "kind": "dispatch", "starts_at": hub.moment(500)}
    assert hub.refused(LEADER, "booking.make", reaches=[{"center": OTHER_TOWN, "to": "village"}], **data) == (
        "not_found",
        "reaches",
    )
    assert hub.refused(LEADER, "booking.make", **data) == ("invalid", "centers")


def test_a_booking_lies_ahead_and_who_books_may_call_and_book() -> None:
    hub = Hub()
    data = {"title": "会", "kind": "dispatch", "centers": [VILLAGE]}
    assert hub.refused(LEADER, "booking.make", starts_at=hub.moment(-1), **data) == ("invalid", "starts_at")
    far = hub.moment(60 * 24 * 401)
    assert hub.refused(LEADER, "booking.make", starts_at=far, **data) == ("invalid", "starts_at")
    soon = hub.moment(60)
    for role in ("station", "clerk", "audit_admin", "system_admin"):
        assert hub.refused(account(role, COUNTY), "booking.make", starts_at=soon, **data)[0] == "forbidden"
    above = {**data, "centers": [CITY]}
    assert hub.refused(LEADER, "booking.make", starts_at=soon, **above) == ("forbidden", "centers")


def test_a_cancelled_booking_is_told_to_those_called_with_the_reason() -> None:
    hub = Hub()
    booking = hub.book()
    assert hub.refused(VILLAGER, "booking.cancel", booking=booking, reason="不去") == ("forbidden", "booking")
    colleague = account("dispatcher", COUNTY, number=1)
    (cancelled,) = hub.do(colleague, "booking.cancel", booking=booking, reason="改为现场办公")
    assert words(cancelled) == {COUNTY, VILLAGE}
    assert hub.pass_minutes(120) == []
    assert bookings_of(hub.state).by_id == {}


def test_one_command_of_the_clock_does_all_that_came_by_then() -> None:
    hub = Hub()
    for number in range(5):
        hub.book(ahead=60, confirmed=True, title=f"会 {number}", notice_minutes=0, record=False)
    hub.now += timedelta(minutes=61)
    due = hub.due()
    assert due is not None
    made = hub.do(SYSTEM_ACCOUNT, due.kind)
    assert [entry.kind for entry in made] == ["meeting.opened", "booking.opened"] * 5
    assert len(bookings_of(hub.state).meetings) == 5


def test_the_kept_order_of_what_comes_next_is_that_of_the_bookings() -> None:
    hub = Hub()
    ids = [hub.book(ahead=ahead, confirmed=True) for ahead in (300, 100, 200)]
    hub.do(DISPATCHER, "booking.cancel", booking=ids[1], reason="x")
    kept = hub.state.parts.read(Bookings)
    assert [id for _, id in kept.upcoming] == [ids[2], ids[0]]
    assert [at for at, _ in kept.upcoming] == sorted(booked.next_at for booked in kept.by_id.values())


TEMPLATE: dict[str, Any] = {
    "scope": "mine",
    "title": "每日调度",
    "kind": "dispatch",
    "reaches": [{"center": COUNTY, "to": "township"}],
}


def test_a_template_of_ones_own_is_nobody_elses_and_a_centers_is_its_peoples() -> None:
    hub = Hub()
    (mine,) = hub.do(DISPATCHER, "template.save", **TEMPLATE)
    assert mine.audience == (f"account:{DISPATCHER.id}",)
    colleague = account("dispatcher", COUNTY, number=1)
    id = mine.data["template"]
    for kind in ("template.remove", "template.convene"):
        assert hub.refused(colleague, kind, template=id) == ("not_found", "template")
    assert hub.refused(colleague, "template.save", **TEMPLATE, template=id) == ("not_found", "template")
    (shared,) = hub.do(DISPATCHER, "template.save", **{**TEMPLATE, "scope": "center"})
    assert words(shared) == {COUNTY}
    changed = {**TEMPLATE, "title": "每周调度", "template": shared.data["template"]}
    (again,) = hub.do(colleague, "template.save", **changed)
    assert (again.data["scope"], again.data["title"]) == ("center", "每周调度")
    assert hub.do(colleague, "template.remove", template=shared.data["template"])
    assert hub.refused(DISPATCHER, "template.convene", template=shared.data["template"])[0] == "not_found"
    assert hub.refused(VILLAGER, "template.save", **TEMPLATE)[0] == "forbidden"


def test_a_template_convenes_whom_its_words_mean_now() -> None:
    hub = Hub()
    (saved,) = hub.do(LEADER, "template.save", **TEMPLATE, centers=[VILLAGE], record=False)
    (opened,) = hub.do(LEADER, "template.convene", template=saved.data["template"])
    assert opened.kind == "meeting.opened"
    assert set(opened.data["centers"]) == {COUNTY, TOWN, VILLAGE}
    assert opened.data["title"] == "每日调度"
    (other,) = hub.do(LEADER, "template.convene", template=saved.data["template"], title="加开")
    assert other.data["title"] == "加开"


def test_templates_that_were_kept_before_reaches_had_their_name_are_replayed() -> None:
    hub = Hub()
    (saved,) = hub.do(
        LEADER, "template.save", **{**TEMPLATE, "reaches": [{"center": COUNTY, "to": "township"}]}
    )
    before = {name: value for name, value in saved.data.items() if name != "reaches"}
    before["groups"] = [{"center": COUNTY, "to": "village"}]
    apply(hub.state, replace(saved, data=before))
    opened = hub.do(LEADER, "template.convene", template=saved.data["template"])[0]
    assert set(opened.data["centers"]) >= {COUNTY, TOWN, VILLAGE, OTHER_VILLAGE}


def test_a_reach_is_a_center_with_those_below_it_or_one_level_of_them_alone() -> None:
    hub = Hub()

    def called(**reach: Any) -> set[str]:
        hub.book(MAYOR, centers=[], reaches=[reach], confirmed=True)
        return set(hub.entries[-1].data["centers"])

    assert called(center=COUNTY, to="township") == {COUNTY, TOWN}
    assert called(center=COUNTY, to="township", only=True) == {TOWN}
    assert called(center=COUNTY, to="village", only=True) == {VILLAGE, OTHER_VILLAGE}
    assert called(center=VILLAGE, to="township") == {VILLAGE}
