"""A whole station against the small hub: calls, media, reports, orders, and every kind of loss."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from clients.station import publisher as publishing
from clients.station.api import Refused
from clients.station.duties import Pace
from clients.station.options import StationOptions
from clients.station.scene import Subject, make_scene
from clients.station.station import Station
from hub.conference.lock_shapes import Waiting
from tests.support.rules import CITY, VILLAGE, account
from tests.support.station_hub import Receiver, StationHub
from tests.support.waiting import eventually

MAYOR = account("leader", CITY)
VILLAGER = account("station", VILLAGE)
#: Somebody who works at the village himself, beside its headless station.
PERSON = account("station", VILLAGE, number=1)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scenes")
    make_scene(Subject(VILLAGE, "坦渡村", "village"), folder)
    return folder


@pytest.fixture
async def hub() -> AsyncIterator[StationHub]:
    made = StationHub(MAYOR, VILLAGER)
    await made.start()
    yield made
    await made.stop()


Run = Callable[..., Awaitable[Station]]


@asynccontextmanager
async def running(station: Station) -> AsyncIterator[Station]:
    task = asyncio.create_task(station.run())
    try:
        await eventually(lambda: station.connected or task.done(), why="the station is not connected")
        yield station
    finally:
        await station.stop()
        await asyncio.wait_for(task, 15)


def options(hub: StationHub, cache: Path, **more: object) -> StationOptions:
    return StationOptions(
        **{  # type: ignore[arg-type]
            "url": hub.url,
            "username": VILLAGER.username,
            "password": "secret",
            "cache_dir": cache,
            "auto_answer_s": 0.05,
            "pace": Pace(0.02, 0.02, 0.02),
            **more,
        }
    )


async def convene(hub: StationHub) -> str:
    opened = await hub.do(
        MAYOR, "meeting.open", title="防汛", kind="dispatch", centers=[VILLAGE], record=False
    )
    assert opened[0].meeting is not None
    return opened[0].meeting


async def receiving(hub: StationHub, number: int) -> Receiver:
    """The hub's end of the station's numbered media session, once picture and sound come in."""

    def check() -> Receiver:
        assert len(hub.all_receivers) >= number, f"{len(hub.all_receivers)} sessions so far"
        receiver = hub.all_receivers[number - 1]
        assert receiver.frames["video"] > 3, f"frames so far: {receiver.frames}"
        assert receiver.frames["audio"] > 3, f"frames so far: {receiver.frames}"
        return receiver

    return await eventually(check, 15.0)


async def test_a_call_is_answered_with_picture_and_sound_and_a_report(hub: StationHub, cache: Path) -> None:
    async with running(Station(options(hub, cache, auto_report="一切正常"))) as station:
        meeting = await convene(hub)
        receiver = await receiving(hub, 1)
        assert (receiver.newest.width, receiver.newest.height) == (640, 360)
        assert station.meeting == meeting
        assert station.publishing
        reports = [entry for entry in hub.world.entries if entry.kind == "report.filed"]
        assert [(entry.meeting, entry.data["text"]) for entry in reports] == [(meeting, "一切正常")]
        device = {"meeting": meeting, "camera": "on", "microphone": "on", "way": "direct"}
        await eventually(lambda: device in hub.devices)
    left = [entry for entry in hub.world.entries if entry.kind == "meeting.left"]
    assert [entry.actor.account for entry in left] == [VILLAGER.id]
    assert hub.receivers == {}, "the media session was not ended"
    assert hub.tokens == {}, "the token was not given back"


async def test_a_station_waits_at_a_locked_meeting_sends_nothing_and_begins_when_it_is_let_in(
    hub: StationHub, cache: Path
) -> None:
    meeting = await convene(hub)
    await hub.do(MAYOR, "meeting.lock", meeting)
    async with running(Station(options(hub, cache, auto_report="一切正常"))) as station:
        there = hub.world.state.meetings[meeting]
        await eventually(lambda: VILLAGER.id in there.read(Waiting).rows, why="it does not wait")
        await eventually(lambda: station.waits and station.parts.waits(VILLAGER.id) == "waiting")
        assert hub.all_receivers == [], "who waits sends nothing"
        await hub.do(MAYOR, "meeting.pause", meeting)
        await eventually(lambda: station.parts.is_paused)
        await hub.do(MAYOR, "waiting.admit", meeting, participant=None)
        await receiving(hub, 1)
        assert not station.waits
        await eventually(lambda: "report.filed" in [entry.kind for entry in hub.world.entries])
        await hub.do(MAYOR, "participant.remove", meeting, participant=VILLAGER.id)
        await eventually(lambda: station.meeting is None)


async def test_a_station_that_is_not_let_in_hangs_up(hub: StationHub, cache: Path) -> None:
    meeting = await convene(hub)
    await hub.do(MAYOR, "meeting.lock", meeting)
    async with running(Station(options(hub, cache))) as station:
        await eventually(lambda: station.waits, why="it does not wait")
        there = hub.world.state.meetings[meeting]
        await eventually(
            lambda: VILLAGER.id in there.read(Waiting).rows, why="the hub does not know that it waits"
        )
        await hub.do(MAYOR, "waiting.refuse", meeting, participant=VILLAGER.id)
        await eventually(lambda: station.meeting is None, why="it goes on waiting")
        assert hub.all_receivers == []


async def test_a_station_that_comes_back_reports_only_once_a_meeting(hub: StationHub, cache: Path) -> None:
    for _ in range(2):
        async with running(Station(options(hub, cache, auto_report="一切正常"))) as station:
            if not hub.world.state.meetings:
                await convene(hub)
            await eventually(lambda: station.publishing, 15.0, why="the station does not publish")
            await eventually(lambda: "report.filed" in [entry.kind for entry in hub.world.entries])
            await eventually(lambda: hub.reports_read > 0, why="it has not asked whether it has reported")
            hub.reports_read = 0
    kinds = [entry.kind for entry in hub.world.entries]
    assert kinds.count("meeting.joined") == 2
    assert kinds.count("report.filed") == 1


async def test_a_station_told_to_leaves_the_meeting_and_the_orders_to_a_person_of_its_center(
    hub: StationHub, cache: Path
) -> None:
    made = options(hub, cache, auto_sign=True, steps_aside=True)
    async with running(Station(made)) as station:
        meeting = await convene(hub)
        await receiving(hub, 1)
        await hub.do(PERSON, "meeting.join", meeting)
        await eventually(lambda: station.aside == meeting and not hub.receivers, why="it stays")
        await hub.do(MAYOR, "order.issue", meeting, text="巡堤", targets=[VILLAGE])
        order = str(hub.world.entries[-1].data["order"])
        await eventually(lambda: order in station.orders)
        # A lost connection changes nothing of it.
        await hub.crash()
        await hub.start()
        await eventually(lambda: station.connected)
        assert station.meeting is None
        await hub.do(PERSON, "order.sign", None, order=order)
        await hub.do(PERSON, "meeting.leave", meeting)
        await receiving(hub, 2)
        assert station.aside is None
        await eventually(lambda: hub.world.state.orders[order].state == "completed")
    signed = [entry for entry in hub.world.entries if entry.kind == "order.signed"]
    assert [entry.actor.account for entry in signed] == [PERSON.id]


async def test_a_station_told_to_does_not_answer_where_a_person_of_its_center_is(
    hub: StationHub, cache: Path
) -> None:
    meeting = str(
        hub.world.do(MAYOR, "meeting.open", title="防汛", kind="dispatch", centers=[VILLAGE], record=False)[
            0
        ].meeting
    )
    hub.world.do(PERSON, "meeting.join", meeting)
    async with running(Station(options(hub, cache, steps_aside=True))) as station:
        await eventually(lambda: station.aside == meeting)
        # Another call rings and is left to that person as well, until he is gone.
        other = await convene(hub)
        await eventually(lambda: other in station.ringing)
        await hub.do(PERSON, "meeting.leave", meeting)
        await eventually(lambda: station.aside is None and station.meeting is not None, why="nobody answers")
    joined = [body["meeting"] for body in hub.commands if body["kind"] == "meeting.join"]
    assert joined == [other], "the call that had waited longest comes first, and was not answered before"


async def test_an_order_is_signed_reported_on_and_completed(hub: StationHub, cache: Path) -> None:
    async with running(Station(options(hub, cache, auto_sign=True))):
        hub.lose_answers = 2
        await hub.do(MAYOR, "order.issue", text="巡堤", targets=[VILLAGE])
        steps = ["order.signed", "order.progressed", "order.completed"]
        await eventually(lambda: [entry.kind for entry in hub.world.entries][1:] == steps)
    assert len(hub.commands) == 3, "a command whose answer was lost was given twice"


async def test_an_order_from_before_is_carried_on(hub: StationHub, cache: Path) -> None:
    (issued,) = hub.world.do(MAYOR, "order.issue", text="巡堤", targets=[VILLAGE])
    hub.world.do(VILLAGER, "order.sign", order=issued.data["order"])
    async with running(Station(options(hub, cache, auto_sign=True))):
        await eventually(lambda: hub.world.state.orders[issued.data["order"]].state == "completed")


async def test_control_comes_back_and_the_media_never_stopped(hub: StationHub, cache: Path) -> None:
    async with running(Station(options(hub, cache, auto_sign=True))) as station:
        meeting = await convene(hub)
        receiver = await receiving(hub, 1)
        await hub.crash()
        await eventually(lambda: not station.connected)
        before = receiver.frames["video"]
        # Missed while away: a broadcast and an order.
        hub.world.do(MAYOR, "stage.broadcast", meeting, participant=VILLAGER.id)
        hub.world.do(MAYOR, "order.issue", meeting, text="巡堤", targets=[VILLAGE])
        await eventually(lambda: receiver.frames["video"] > before + 5)
        await hub.start()
        await eventually(lambda: station.connected)
        await eventually(lambda: station.parts["stage"]["broadcast"] == VILLAGER.id)
        await eventually(lambda: "order.completed" in [entry.kind for entry in hub.world.entries])
        assert station.media_sessions == 1


async def test_a_new_token_is_fetched_when_the_old_one_is_dead(hub: StationHub, cache: Path) -> None:
    async with running(Station(options(hub, cache))) as station:
        hub.tokens.clear()
        await hub.crash()
        await hub.start()
        await eventually(lambda: not station.connected or hub.tokens)
        await eventually(lambda: station.connected and hub.tokens)
        await convene(hub)
        await receiving(hub, 1)


@pytest.mark.parametrize("reason", ["node_lost", "consent_expired"])
async def test_a_lost_media_session_is_begun_again(hub: StationHub, cache: Path, reason: str) -> None:
    async with running(Station(options(hub, cache))) as station:
        meeting = await convene(hub)
        first = await receiving(hub, 1)
        hub.receivers.pop(first.session)
        await first.close()
        await hub.tell_media(VILLAGER, meeting=meeting, kind="closed", session=first.session, reason=reason)
        await receiving(hub, 2)
        assert station.media_sessions == 2
        joined = [entry for entry in hub.world.entries if entry.kind == "meeting.joined"]
        assert len(joined) == 1


async def test_a_hub_that_sends_no_rtcp_any_more_is_noticed(
    hub: StationHub, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "_SILENCE_S", 3.0)
    async with running(Station(options(hub, cache))):
        await convene(hub)
        first = await receiving(hub, 1)
        # The node is killed: its socket is gone and nobody says a word.
        transport = first.connection.getReceivers()[0].transport
        await transport.transport._connection.close()
        await receiving(hub, 2)


@pytest.mark.parametrize("reason", ["removed", "ended", "replaced"])
async def test_a_session_closed_for_good_is_not_begun_again(
    hub: StationHub, cache: Path, reason: str
) -> None:
    async with running(Station(options(hub, cache))) as station:
        meeting = await convene(hub)
        first = await receiving(hub, 1)
        await hub.tell_media(VILLAGER, meeting=meeting, kind="closed", session=first.session, reason=reason)
        await eventually(lambda: not station.publishing)
        await eventually(lambda: first.session not in hub.receivers)
        # A second call is answered as ever, which it is not before everything else was tried.
        await hub.do(MAYOR, "meeting.end", meeting)
        await eventually(lambda: station.meeting is None)
        await convene(hub)
        await receiving(hub, 2)
        assert len(hub.all_receivers) == 2


async def test_pictures_are_held_back_while_nobody_watches(hub: StationHub, cache: Path) -> None:
    async with running(Station(options(hub, cache))):
        meeting = await convene(hub)
        receiver = await receiving(hub, 1)
        pause = {"meeting": meeting, "kind": "pause", "session": receiver.session}
        await hub.tell_media(VILLAGER, **pause, paused=True)

        seen = dict(receiver.frames)

        def stands_still() -> bool:
            if receiver.frames["video"] != seen["video"]:
                seen.update(receiver.frames)
            assert receiver.frames["audio"] > seen["audio"] + 20, (
                "no half second of sound without pictures yet"
            )
            return True

        await eventually(stands_still)
        before = receiver.frames["video"]
        await hub.tell_media(VILLAGER, **pause, paused=False)
        await eventually(lambda: receiver.frames["video"] > before + 3)


async def test_who_was_removed_hangs_up_and_does_not_try_again(hub: StationHub, cache: Path) -> None:
    async with running(Station(options(hub, cache))) as station:
        meeting = await convene(hub)
        await receiving(hub, 1)
        await hub.do(MAYOR, "participant.remove", meeting, participant=VILLAGER.id)
        await eventually(lambda: station.meeting is None and not hub.receivers)
        await hub.crash()
        await hub.start()
        await eventually(lambda: station.connected)
        assert station.ringing == {}
        assert [body["kind"] for body in hub.commands] == ["meeting.join"]


async def test_a_meeting_that_ended_while_control_was_away_is_left(hub: StationHub, cache: Path) -> None:
    async with running(Station(options(hub, cache))) as station:
        meeting = await convene(hub)
        await receiving(hub, 1)
        await hub.crash()
        hub.world.do(MAYOR, "meeting.end", meeting)
        await hub.start()
        await eventually(lambda: station.meeting is None and not hub.receivers)


async def test_without_auto_answer_a_call_rings_until_somebody_answers(hub: StationHub, cache: Path) -> None:
    async with running(Station(options(hub, cache, auto_answer_s=None))) as station:
        meeting = await convene(hub)
        await eventually(lambda: station.ringing == {meeting: "防汛"})
        assert station.meeting is None
        await station.answer(meeting)
        await receiving(hub, 1)
        await station.leave()
        assert station.meeting is None
        with pytest.raises(Refused) as caught:
            await station.answer("m_" + "0" * 18)
        assert caught.value.code == "not_found"


async def test_calls_are_declined_as_told_each_time_they_ring(hub: StationHub, cache: Path) -> None:
    async with running(Station(options(hub, cache, auto_answer_s=None, declines="unattended"))) as station:
        meeting = await convene(hub)
        declined = {"kind": "meeting.decline", "meeting": meeting, "data": {"reason": "unattended"}}

        def times(number: int) -> bool:
            said = [{name: body[name] for name in declined} for body in hub.commands]
            assert said == [declined] * number, f"so far: {hub.commands}"
            return station.ringing == {}

        await eventually(lambda: times(1))
        await hub.do(MAYOR, "meeting.call", meeting, centers=[VILLAGE])
        await eventually(lambda: times(2))


async def test_it_answers_as_the_center_has_set_and_signs_in(hub: StationHub, cache: Path) -> None:
    told = options(hub, cache, auto_answer_s=None, answers_as_set=True, present="李某", duty="值守")
    async with running(Station(told)) as station:
        meeting = await convene(hub)
        await eventually(lambda: station.ringing == {meeting: "防汛"})
        await hub.crash()
        hub.answers_after_s = 0.05
        await hub.start()

        def signed() -> bool:
            seat = hub.world.state.meetings[meeting].seats.get(VILLAGER.id)
            return seat is not None and (seat.present, seat.duty) == ("李某", "值守")

        await eventually(signed, 15.0)
        # Called again by name while it is there, it stays.
        await hub.do(MAYOR, "meeting.call", meeting, centers=[VILLAGE])
        await receiving(hub, 1)
        assert station.meeting == meeting


async def test_a_wrong_password_ends_the_station(hub: StationHub, cache: Path) -> None:
    with pytest.raises(Refused) as caught:
        await asyncio.wait_for(Station(options(hub, cache, password="wrong")).run(), 10)
    assert caught.value.code == "unauthenticated"


async def test_a_station_waits_for_a_hub_that_is_not_there_yet(hub: StationHub, cache: Path) -> None:
    await hub.crash()
    station = Station(options(hub, cache))
    task = asyncio.create_task(station.run())
    try:
        await asyncio.sleep(0)
        assert not station.connected
        await hub.start()
        await eventually(lambda: station.connected)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert hub.tokens == {}, "a cancelled station leaves properly too"
