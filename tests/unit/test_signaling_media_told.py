"""Media events go to desks whole, and to everybody else as far as they are about him."""

from __future__ import annotations

from typing import Any

from signaling.media_told import SPEAKER_EVERY_S, Speakers, addressed, holding
from signaling.rooms import desk_room, floor_room, own_room
from signaling.schemas.media_events import LevelsEvent, QualityEvent, SourcesEvent

MEETING, STATION, OTHER = "m_1", "a_station", "a_other"
DESK, MINE, OTHERS = desk_room(MEETING), own_room(STATION, MEETING), own_room(OTHER, MEETING)
LINE = {"since": "2026-11-23T08:00:00.000000Z", "loss_permille": 80, "bitrate_bps": None, "rtt_ms": 40}


def source(who: str) -> dict[str, Any]:
    return {"participant": who, "video": "vp8", "audio": None, "screen": None}


def sources(*who: str, gone: tuple[str, ...] = ()) -> dict[str, Any]:
    rows = [source(one) for one in who]
    return {"meeting": MEETING, "kind": "sources", "sources": rows, "gone": list(gone), "full": True}


def quality(**states: str) -> dict[str, Any]:
    lines = dict.fromkeys(states, LINE)
    return {"meeting": MEETING, "kind": "quality", "participants": states, "lines": lines, "gone": []}


def levels(speaker: str | None) -> dict[str, Any]:
    return {"meeting": MEETING, "kind": "levels", "levels": {STATION: 20, OTHER: 60}, "speaker": speaker}


def test_who_sends_is_told_to_desks_whole_and_to_each_his_own() -> None:
    told = dict(addressed(sources(STATION, gone=(OTHER,)), None))
    assert set(told) == {DESK, MINE, OTHERS}
    assert (told[DESK]["gone"], told[DESK]["full"]) == ([OTHER], True)
    assert (told[MINE]["sources"], told[MINE]["gone"], told[MINE]["full"]) == ([source(STATION)], [], False)
    assert (told[OTHERS]["sources"], told[OTHERS]["gone"]) == ([], [OTHER])
    for event in told.values():
        SourcesEvent.model_validate(event)


def test_a_line_is_told_to_desks_and_to_its_owner() -> None:
    told = dict(addressed(quality(**{STATION: "poor", OTHER: "fair"}), None))
    assert (told[MINE]["participants"], told[MINE]["lines"]) == ({STATION: "poor"}, {STATION: LINE})
    for event in told.values():
        QualityEvent.model_validate(event)


def test_who_begins_to_follow_holds_what_he_would_have_heard() -> None:
    now = [sources(STATION, OTHER), quality(**{OTHER: "lost"})]
    assert holding(now, STATION, desk=True) == now
    mine, line = holding(now, STATION, desk=False)
    assert (mine["sources"], mine["full"]) == ([source(STATION)], True)
    assert (line["participants"], line["lines"]) == ({}, {})


def test_how_loud_everybody_is_is_for_desks() -> None:
    assert [room for room, _ in addressed(levels(OTHER), None)] == [DESK]


def test_the_others_hear_who_speaks_when_it_changes_and_now_and_then() -> None:
    moment = [0.0]
    speakers = Speakers(lambda: moment[0])
    told = [speakers.news(levels(speaker)) for speaker in (OTHER, OTHER, STATION, STATION)]
    assert [news and news[1]["speaker"] for news in told] == [OTHER, None, STATION, None]
    moment[0] = SPEAKER_EVERY_S
    again = speakers.news(levels(STATION))
    assert again is not None
    room, event = again
    assert (room, event["levels"]) == (floor_room(MEETING), {})
    LevelsEvent.model_validate(event)
    speakers.ended(MEETING)
    assert speakers.news(levels(STATION)) is not None, "of a meeting that is over nothing is kept"
