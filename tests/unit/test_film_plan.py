"""The plan of a film: the stage as all saw it, who was heard, cards where there was nothing, chapters and words."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from hub.clock import to_wire
from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.errors import Refusal
from hub.film.plan import NothingRecorded, plan_film
from recordings.film.joining import chapters_text, vtt
from recordings.film.scenes import BAR, Cue, Plan, Scene
from tests.support.rules import CITY, COUNTY, TOWN, VILLAGE, World, account

CHAIR = account("leader", CITY)
COUNTY_DESK, TOWN_DESK, STATION = (
    account("dispatcher", COUNTY),
    account("station", TOWN),
    account("station", VILLAGE),
)


class Recorded:
    """A meeting that is recorded, second by second; who is in it is recorded from the third second on."""

    def __init__(self, *people: Account, record: bool = True) -> None:
        self.world = World()
        centers = [COUNTY, TOWN, VILLAGE]
        opened = self.world.do(
            CHAIR, "meeting.open", title="防汛", kind="dispatch", centers=centers, record=record
        )
        self.meeting = str(opened[0].meeting)
        self.begun = opened[0].at
        self.recording = next((e.data["recording"] for e in opened if e.kind == "recording.started"), "")
        for who in people:
            self.world.do(who, "meeting.join", self.meeting)
        self.open: list[tuple[str, datetime]] = []

    def at(self, second: float, who: Account, kind: str, **data: Any) -> None:
        self.world.now = self.begun + timedelta(seconds=second - 1)
        self.world.do(who, kind, self.meeting, **data)

    def part(
        self, who: Account, start: float, end: float, *, screen: bool = False, sound: bool = True
    ) -> None:
        part = self.world.new_id("p")
        tracks = [{"kind": "video", "codec": "vp8"}, *([{"kind": "audio", "codec": "opus"}] if sound else [])]
        name = "某地（屏幕共享）" if screen else "某地"
        ids = {"recording": self.recording, "part": part}
        self.world.do(
            SYSTEM_ACCOUNT,
            "recording.part_open",
            self.meeting,
            **ids,
            participant=who.id,
            center=who.center,
            name=name,
            file=f"{part}.webm",
            tracks=tracks,
            started_at=to_wire(self.begun + timedelta(seconds=start)),
        )
        length = {"duration_ms": round((end - start) * 1000), "bytes": 9, "sha256": "a" * 64}
        self.world.do(SYSTEM_ACCOUNT, "recording.part_close", self.meeting, **ids, **length)

    def plan(self) -> Plan:
        return plan_film(self.world.entries, "Asia/Shanghai")


def seen(plan: Plan, second: float) -> Scene:
    (found,) = [each for each in plan.scenes if each.from_ms <= second * 1000 < each.to_ms]
    return found


def who(plan: Plan, second: float) -> list[str]:
    return [tile.participant for tile in seen(plan, second).tiles]


def test_without_a_recorded_part_there_is_no_film() -> None:
    with pytest.raises(NothingRecorded):
        Recorded(CHAIR, STATION).plan()


def test_every_picture_of_a_secret_meeting_says_so() -> None:
    meeting = Recorded(CHAIR)
    meeting.part(CHAIR, 3, 60)
    meeting.at(20, replace(CHAIR, cleared=True), "secrecy.raise")
    assert meeting.plan().title == "【涉密】防汛"
    meeting.at(40, replace(CHAIR, cleared=True), "secrecy.lower", reason="公开")
    assert meeting.plan().title == "防汛"


def test_it_begins_with_the_first_part_and_scenes_follow_each_other_without_a_gap() -> None:
    meeting = Recorded(CHAIR, STATION)
    meeting.part(CHAIR, 3, 60)
    meeting.part(STATION, 10, 50)
    plan = meeting.plan()
    assert (plan.title, plan.length_ms) == ("防汛", 57_000)
    assert plan.began_at == to_wire(meeting.begun + timedelta(seconds=3))
    assert plan.scenes[0].from_ms == 0
    assert plan.scenes[-1].to_ms == plan.length_ms
    assert all(one.to_ms == other.from_ms for one, other in zip(plan.scenes, plan.scenes[1:], strict=False))
    assert Plan.from_text(plan.to_text()) == plan


def test_without_a_stage_all_who_have_a_picture_stand_beside_each_other_the_chair_first() -> None:
    meeting = Recorded(STATION, CHAIR, COUNTY_DESK)
    meeting.part(CHAIR, 3, 60)
    meeting.part(STATION, 10, 30)
    meeting.part(STATION, 32, 50)
    plan = meeting.plan()
    assert who(plan, 1) == [CHAIR.id]
    assert who(plan, 8) == [CHAIR.id, STATION.id]
    assert who(plan, 28) == [CHAIR.id, STATION.id], "a gap of two seconds moves nobody"
    assert who(plan, 48) == [CHAIR.id]
    assert seen(plan, 8).tiles[1].plate == "坦渡村 坦渡村station"
    for tile in seen(plan, 8).tiles:
        assert tile.y >= BAR
        assert all(each % 2 == 0 for each in (tile.x, tile.y, tile.width, tile.height))


def test_a_broadcast_a_layout_a_shared_screen_and_a_banner_are_as_all_saw_them() -> None:
    meeting = Recorded(CHAIR, STATION, TOWN_DESK, COUNTY_DESK)
    for each in (CHAIR, STATION, TOWN_DESK):
        meeting.part(each, 0.5, 100)
    meeting.part(TOWN_DESK, 41, 60, screen=True)
    meeting.at(10, CHAIR, "stage.broadcast", participant=STATION.id)
    meeting.at(20, CHAIR, "stage.layout", layout={"grid": "4", "cells": [None, TOWN_DESK.id]})
    meeting.at(30, CHAIR, "stage.layout", layout=None)
    meeting.at(35, CHAIR, "stage.view", viewer=COUNTY_DESK.id, source=TOWN_DESK.id)
    meeting.at(42, TOWN_DESK, "stage.share")
    meeting.at(50, CHAIR, "banner.show", text="做好转移准备", style="warning")
    meeting.at(55, CHAIR, "banner.show", text="只给坦渡村", centers=[VILLAGE])
    plan = meeting.plan()
    assert who(plan, 5) == [CHAIR.id, STATION.id, TOWN_DESK.id]
    assert who(plan, 12) == [STATION.id]
    assert who(plan, 22) == [STATION.id, TOWN_DESK.id, CHAIR.id], "who is broadcast fills the first free cell"
    assert who(plan, 37) == [STATION.id], "what one viewer sees alone is not in the film"
    screen, speaker = seen(plan, 45).tiles
    assert (screen.participant, screen.screen, speaker.participant) == (TOWN_DESK.id, True, STATION.id)
    assert (seen(plan, 52).banner, seen(plan, 52).warning) == ("做好转移准备", True)
    assert seen(plan, 58).banner in ("", "做好转移准备"), "a line for one center is not in the film"


def test_where_there_is_nothing_a_card_says_why() -> None:
    meeting = Recorded(CHAIR, STATION)
    meeting.part(CHAIR, 0.5, 10)
    meeting.at(20, CHAIR, "meeting.pause", reason="十分钟后继续")
    meeting.at(30, CHAIR, "meeting.resume")
    meeting.at(40, CHAIR, "recording.stop")
    meeting.at(50, CHAIR, "recording.start")
    meeting.part(CHAIR, 51, 60)
    plan = meeting.plan()
    assert seen(plan, 15).card == "无画面"
    assert seen(plan, 25).card == "会议暂停\n十分钟后继续"
    assert seen(plan, 45).card == "未录像"
    assert who(plan, 55) == [CHAIR.id]


def test_only_those_are_heard_whom_all_heard() -> None:
    meeting = Recorded(CHAIR, STATION, TOWN_DESK)
    meeting.part(CHAIR, 0.0, 100)
    meeting.at(10, CHAIR, "participant.mute", participant=STATION.id)
    meeting.at(20, CHAIR, "meeting.pause")
    meeting.at(30, CHAIR, "meeting.resume")
    meeting.at(40, CHAIR, "roll_call.begin", centers=[VILLAGE])
    plan = meeting.plan()

    def heard(second: float) -> set[str]:
        return {each.participant for each in plan.heard if each.from_ms <= second * 1000 < each.to_ms}

    assert heard(9) == {CHAIR.id, STATION.id, TOWN_DESK.id}
    assert heard(15) == {CHAIR.id, TOWN_DESK.id}
    assert heard(25) == set()
    assert heard(35) == {CHAIR.id, TOWN_DESK.id}
    assert TOWN_DESK.id not in heard(45), "nobody but the chair and who is called while a roll call goes on"


def test_a_camera_is_heard_where_it_was_brought_with_its_sound() -> None:
    meeting = Recorded(CHAIR)
    meeting.part(CHAIR, 0.0, 60)
    camera = "ca_" + "0" * 18
    found = {"name": "村口", "center": VILLAGE, "sound": True}
    meeting.at(10, CHAIR, "camera.bring", camera=camera, found=found)
    meeting.at(20, CHAIR, "camera.bring", camera=camera, sound=True, found=found)
    meeting.at(25, CHAIR, "camera.bring", camera=camera, sound=True, found=found)  # changes nothing
    meeting.at(30, CHAIR, "sound.set", mode="talk")
    meeting.at(40, CHAIR, "camera.part", camera=camera)
    spans = [(each.from_ms, each.to_ms) for each in meeting.plan().heard if each.participant == camera]
    assert [(round(start, -3), round(end, -3)) for start, end in spans] == [(20_000, 40_000)]
    with pytest.raises(Refusal, match="not to be heard"):
        meeting.at(50, CHAIR, "camera.bring", camera=camera, sound=True, found={**found, "sound": False})


def test_chapters_and_words_hold_what_all_in_the_meeting_may_read_and_nothing_else() -> None:
    meeting = Recorded(CHAIR, STATION)
    meeting.part(CHAIR, 0.0, 100)
    meeting.at(10, CHAIR, "stage.broadcast", participant=STATION.id)
    meeting.at(20, CHAIR, "order.issue", text="只给坦渡村的指令", targets=[VILLAGE])
    meeting.at(30, CHAIR, "decision.record", text="三级响应 <b>")
    plan = meeting.plan()
    titles = [(each.at_ms // 1000, each.title) for each in plan.chapters]
    assert titles[0] == (0, "会议开始")
    assert (10, "主画面：坦渡村 坦渡村station") in titles
    assert (30, "决策：三级响应 <b>") in titles
    entry = next(each for each in meeting.world.entries if each.kind == "order.issued")
    assert ("meeting" in entry.audience) == any("指令" in title for _, title in titles)
    text = chapters_text(plan)
    assert text.startswith("WEBVTT\n\n00:00:00.000 --> ")
    assert "三级响应 &lt;b&gt;" in text
    assert all(one.to_ms <= other.from_ms for one, other in zip(plan.cues, plan.cues[1:], strict=False))


def test_a_film_of_more_than_an_hour_is_as_long_as_the_meeting_and_its_chapters_stand_where_it_happened() -> (
    None
):
    meeting = Recorded(CHAIR, STATION)
    for start in range(0, 5_400, 1_800):
        meeting.part(CHAIR, start + 0.5, start + 1_800)
    meeting.part(STATION, 40, 5_390)
    moments = [70, 1_799, 3_599, 3_725, 5_380]
    for at in moments:
        meeting.at(at, CHAIR, "decision.record", text=f"决定 {at}")
    plan = meeting.plan()
    assert abs(plan.length_ms - 5_400_000) <= 500
    found = {each.title: each.at_ms for each in plan.chapters}
    for at in moments:
        assert abs(found[f"决策：决定 {at}"] - at * 1000) <= 500
    assert "01:02:04.500 -->" in chapters_text(plan)


def test_webvtt_takes_no_mark_of_its_own_out_of_words() -> None:
    assert (
        vtt([Cue(0, 3_661_001, "a --> b\n\nc")]) == "WEBVTT\n\n00:00:00.000 --> 01:01:01.001\na --&gt; b c\n"
    )
