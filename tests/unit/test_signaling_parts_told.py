"""Parts are told as they changed: rows to desks, each one's own row to himself, the whole where all of it changed."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest

from hub.seats import Seats
from signaling import parts_told
from signaling.fan_out import FanOut
from signaling.parts_told import PartsTold
from signaling.rooms import account_room, called_room, desk_room, meeting_room
from signaling.services import Services
from tests.support.rules import CITY, OTHER_VILLAGE, VILLAGE, World, account
from tests.support.waiting import eventually

MAYOR, STATION, OTHER = (
    account("leader", CITY),
    account("station", VILLAGE),
    account("station", OTHER_VILLAGE),
)


class Heard:
    """A fan-out that keeps what is put; it fails as often as it is told to."""

    def __init__(self) -> None:
        self.events: list[tuple[dict[str, Any], list[str]]] = []
        self.failures = 0

    def put(self, event: str, data: dict[str, Any], rooms: list[str], **_: Any) -> None:
        assert event == "part"
        if self.failures:
            self.failures -= 1
            raise RuntimeError("a fault")
        self.events.append((data, rooms))

    def of(self, room: str) -> list[dict[str, Any]]:
        return [data for data, rooms in self.events if room in rooms]


def stand() -> tuple[World, str, Heard, PartsTold]:
    world, heard = World(), Heard()
    services = cast(Services, SimpleNamespace(writer=SimpleNamespace(state=world.state)))
    meeting = world.open(MAYOR, VILLAGE, OTHER_VILLAGE)
    for who in (MAYOR, STATION, OTHER):
        world.do(who, "meeting.join", meeting)
    told = PartsTold(services, cast(FanOut, heard), lambda meeting, accounts: None)
    told.take_state()
    return world, meeting, heard, told


def test_a_changed_row_goes_to_desks_and_to_whom_it_is_about_and_to_no_other() -> None:
    world, meeting, heard, told = stand()
    told.entries(world.do(MAYOR, "participant.mute", meeting, participant=STATION.id))
    told.entries(world.do(MAYOR, "stage.broadcast", meeting, participant=OTHER.id))
    told.tell()
    [rows] = heard.of(desk_room(meeting))
    assert (rows["name"], list(rows["rows"])) == ("seats", [STATION.id])
    assert heard.of(account_room(STATION.id)) == [rows]
    assert heard.of(account_room(OTHER.id)) == []
    [stage] = heard.of(meeting_room(meeting))
    assert (stage["name"], stage["value"]["broadcast"]) == ("stage", OTHER.id)
    told.tell()
    assert len(heard.events) == 3, "what was told is not told again"


def test_of_a_part_that_changed_as_a_whole_each_hears_his_own_row_too() -> None:
    world, meeting, heard, told = stand()
    entries = world.do(MAYOR, "participant.mute", meeting, participant=STATION.id)
    world.state.meetings[meeting].parts.edit(Seats)
    told.entries(entries)
    told.tell()
    [whole] = heard.of(desk_room(meeting))
    assert set(whole["value"]["rows"]) == {MAYOR.id, STATION.id, OTHER.id}
    assert [list(each["rows"]) for each in heard.of(account_room(OTHER.id))] == [[OTHER.id]]


async def test_a_fault_in_telling_ends_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(parts_told, "PAUSE_S", 0.01)
    world, meeting, heard, told = stand()
    running = asyncio.create_task(told.run())
    heard.failures = 1
    told.entries(world.do(MAYOR, "participant.mute", meeting, participant=STATION.id))
    await eventually(lambda: "could not be told" in caplog.text, 2)
    told.entries(world.do(MAYOR, "participant.mute", meeting, participant=OTHER.id))
    await eventually(lambda: heard.of(account_room(OTHER.id)), 2)
    running.cancel()


def test_what_is_somebodys_own_goes_to_him_and_to_no_desk() -> None:
    world, meeting, heard, told = stand()
    told.entries(world.do(MAYOR, "banner.show", meeting, text="注意堤脚", centers=[VILLAGE]))
    told.tell()
    (line,) = heard.of(called_room(VILLAGE))
    assert line["rows"][VILLAGE]["banner"]["text"] == "注意堤脚"
    assert heard.of(called_room(OTHER_VILLAGE)) == heard.of(meeting_room(meeting)) == []
    (sent,) = heard.of(desk_room(meeting))
    assert (sent["name"], sent["value"]["banner"]["centers"]) == ("banner_sent", [VILLAGE])
    told.entries(world.do(MAYOR, "tour.start", meeting, kind="own", seconds=5))
    told.tell()
    (face,) = heard.of(account_room(STATION.id))
    assert (face["name"], list(face["rows"])) == ("tour_faces", [STATION.id])
    assert not any(each["name"] == "tour_faces" for each in heard.of(desk_room(meeting)))
    world.do(MAYOR, "banner.remove", meeting, banner=sent["value"]["banner"]["id"])
    told.entries(world.entries[-1:])
    told.tell()
    assert heard.of(called_room(VILLAGE))[-1]["rows"] == {VILLAGE: None}, "it is taken off there, too"
