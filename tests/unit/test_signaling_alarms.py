"""What the hub sees becomes alarms: many lost at once, a disk, a recording, a node; raised once, cleared when over."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

from hub.cameras.catalog import Camera, Facts
from hub.entry import SYSTEM
from signaling.hub_alarms import COME_BACK_S, GONE_S, GRACE_S, HubAlarms
from signaling.mass_loss import SETTLED_S, WITHIN_S, MassLoss
from signaling.services import Services
from tests.support.cameras import a_camera
from tests.support.fake_media import FakeMedia
from tests.support.memory_writer import MemoryWriter
from tests.support.rules import CITY, TOWN, TREE, VILLAGE, account

MEETING = "m_1"
CHAIR = account("leader", CITY)


def meeting_of(many: int) -> MassLoss:
    losses = MassLoss()
    for number in range(many):
        losses.seen(MEETING, f"a{number}", True, 0.0)
    return losses


def lose(losses: MassLoss, numbers: range, at: float) -> None:
    for number in numbers:
        losses.seen(MEETING, f"a{number}", False, at)


def test_five_of_a_small_meeting_within_ten_seconds_are_a_loss_once_they_stay_away() -> None:
    losses = meeting_of(12)
    lose(losses, range(3), 100.0)
    lose(losses, range(3, 5), 100.0 + WITHIN_S - 1)
    assert losses.standing(100.0 + WITHIN_S) == {}, "who reloads is back before"
    assert losses.standing(99.0 + WITHIN_S + SETTLED_S) == {MEETING: (5, 12)}


def test_one_after_the_other_is_no_loss_of_many() -> None:
    losses = meeting_of(12)
    for number in range(8):
        lose(losses, range(number, number + 1), 100.0 + number * WITHIN_S)
        assert losses.standing(100.0 + number * WITHIN_S + SETTLED_S) == {}


def test_five_of_a_large_meeting_are_no_fifth_of_it() -> None:
    losses = meeting_of(40)
    lose(losses, range(5), 100.0)
    assert losses.standing(100.0 + SETTLED_S) == {}
    lose(losses, range(5, 8), 101.0)
    assert losses.standing(101.0 + SETTLED_S) == {MEETING: (8, 40)}


def test_who_comes_back_at_once_or_leaves_is_not_lost() -> None:
    losses = meeting_of(12)
    lose(losses, range(6), 100.0)
    losses.seen(MEETING, "a0", True, 101.0)
    losses.left(MEETING, "a1")
    assert losses.standing(100.0 + SETTLED_S) == {}


def test_who_was_never_there_is_not_lost() -> None:
    losses = MassLoss()
    lose(losses, range(12), 100.0)
    assert losses.standing(100.0 + SETTLED_S) == {}


def test_a_loss_grows_with_the_same_cut_and_is_over_when_half_are_back() -> None:
    losses = meeting_of(20)
    lose(losses, range(6), 100.0)
    assert losses.standing(100.0 + SETTLED_S) == {MEETING: (6, 20)}
    lose(losses, range(6, 10), 105.0)
    assert losses.standing(105.0 + SETTLED_S) == {MEETING: (10, 20)}
    assert losses.standing(500.0) == {MEETING: (10, 20)}, "it stands as long as they are away"
    for number in range(5):
        losses.seen(MEETING, f"a{number}", True, 600.0)
    assert losses.standing(600.0) == {}
    assert losses.standing(700.0) == {}, "and is not raised again for those who are still away"


def test_a_meeting_that_ended_has_lost_nobody() -> None:
    losses = meeting_of(12)
    lose(losses, range(6), 100.0)
    losses.ended(MEETING)
    assert losses.standing(100.0 + SETTLED_S) == {}


@dataclass
class Hub:
    """A hub with a clock and parts that a test sets."""

    now: float = 1000.0
    low: list[str] = field(default_factory=list)
    room: str = "enough"
    parts: dict[str, bool] = field(default_factory=lambda: {"node": True})
    writer: MemoryWriter = field(default_factory=lambda: MemoryWriter(TREE))
    media: FakeMedia = field(default_factory=FakeMedia)
    losses: MassLoss = field(default_factory=MassLoss)
    missing: list[Camera] = field(default_factory=list)

    def services(self) -> Services:
        parts: Any = SimpleNamespace(
            writer=self.writer,
            media=self.media,
            parts=lambda: self.parts,
            low_on_space=lambda: self.low,
            recording_room=lambda: self.room,
            health=None,
            copies=None,
            camera_standing=SimpleNamespace(missing=lambda: self.missing),
        )
        return cast(Services, parts)

    def alarms(self) -> HubAlarms:
        return HubAlarms(self.services(), self.losses, lambda: self.now)

    async def after(self, alarms: HubAlarms, seconds: float) -> list[str]:
        """Look, and look again after so long: the kinds of what was written."""
        before = len(self.writer.entries)
        await alarms.look()
        self.now += seconds
        await alarms.look()
        return [entry.kind for entry in self.writer.entries[before:]]


async def test_an_important_camera_without_a_picture_is_its_townships_to_see_to_until_it_is_back() -> None:
    gone = a_camera(camera="ca_" + "0" * 18, name="村口", center=VILLAGE, facts=Facts(state="away"))
    hub = Hub(missing=[gone])
    alarms = hub.alarms()
    assert await hub.after(alarms, 1) == ["alarm.raised"]
    told = hub.writer.entries[-1].data
    assert (told["kind"], told["severity"], told["center"]) == ("camera", "warning", VILLAGE)
    assert told["owner"]["center"] == TOWN
    assert told["words"] == {"camera": gone.camera, "name": "村口", "state": "away"}
    hub.missing = []
    assert await hub.after(alarms, GONE_S) == ["alarm.cleared"]


async def test_a_disk_that_fills_is_an_alarm_once_until_there_is_room_again() -> None:
    hub = Hub(low=["data"])
    alarms = hub.alarms()
    assert await hub.after(alarms, 0.5) == []
    assert await hub.after(alarms, GRACE_S["disk"]) == ["alarm.raised"]
    assert hub.writer.entries[-1].data["words"] == {"folder": "data"}
    assert hub.writer.entries[-1].actor.account == SYSTEM
    assert await hub.after(alarms, 100) == []
    hub.low = []
    assert await hub.after(alarms, GONE_S - 1) == []
    assert await hub.after(alarms, GONE_S) == ["alarm.cleared"]
    assert await hub.after(alarms, 100) == []


async def test_a_node_that_is_back_within_its_grace_is_no_alarm() -> None:
    hub = Hub(parts={"node": False})
    alarms = hub.alarms()
    assert await hub.after(alarms, GRACE_S["service"] - 1) == []
    hub.parts["node"] = True
    assert await hub.after(alarms, GRACE_S["service"]) == []
    hub.parts["node"] = False
    assert await hub.after(alarms, GRACE_S["service"]) == ["alarm.raised"]


async def test_a_recording_that_is_not_fed_is_the_alarm_of_its_meeting() -> None:
    hub = Hub()
    alarms = hub.alarms()
    opened = await hub.writer.give(
        CHAIR, "meeting.open", {"title": "防汛", "kind": "dispatch", "centers": [VILLAGE]}
    )
    meeting = opened.entries[0].meeting or ""
    hub.media.recording[meeting] = ("waiting", None)
    assert await hub.after(alarms, 60) == [], "it only begins"
    hub.media.recording[meeting] = ("waiting", "not_fed")
    assert await hub.after(alarms, GRACE_S["unrecorded"]) == ["alarm.raised"]
    raised = hub.writer.entries[-1]
    assert (raised.meeting, raised.data["words"]["reason"]) == (meeting, "not_fed")
    await hub.writer.give(CHAIR, "recording.stop", meeting=meeting)
    assert await hub.after(alarms, GONE_S) == ["alarm.cleared"]


async def test_a_loss_that_stood_before_a_restart_stands_until_they_had_time_to_come_back() -> None:
    hub = Hub()
    opened = await hub.writer.give(
        CHAIR, "meeting.open", {"title": "防汛", "kind": "dispatch", "centers": [VILLAGE], "record": False}
    )
    meeting = opened.entries[0].meeting or ""
    for number in range(6):
        hub.losses.seen(meeting, f"a{number}", True, hub.now)
    for number in range(6):
        hub.losses.seen(meeting, f"a{number}", False, hub.now)
    assert await hub.after(hub.alarms(), SETTLED_S) == ["alarm.raised"]
    assert hub.writer.entries[-1].data["words"] == {"lost": 6, "of": 6, "title": "防汛"}
    hub.losses = MassLoss()
    again = hub.alarms()
    assert await hub.after(again, COME_BACK_S - 1) == []
    assert await hub.after(again, COME_BACK_S) == ["alarm.cleared"]
