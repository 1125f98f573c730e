"""Banner and ticker: what stands over the pictures, for whom, and until when."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.clock import from_wire
from hub.conference.banner import RULES, run_seconds
from hub.conference.banner_shapes import Banner, BannerLine, BannerOwn, BannerSent
from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.entry import Entry
from hub.errors import Refusal
from hub.rules import replay
from hub.state import Meeting
from signaling.parts_told import parts_of
from tests.support.rules import (
    CITY,
    COUNTY,
    OTHER_COUNTY,
    OTHER_VILLAGE,
    TOWN,
    VILLAGE,
    World,
    account,
)

MAYOR = account("leader", CITY)
COUNTY_LEADER = account("leader", COUNTY)
STATION = account("station", VILLAGE)
NEIGHBOUR = account("station", OTHER_VILLAGE)
STRANGER = account("leader", OTHER_COUNTY)


def refused(code: str, field: str | None = None) -> pytest.RaisesExc[Refusal]:
    return pytest.RaisesExc(
        Refusal, check=lambda error: error.code == code and (field is None or error.field == field)
    )


class Room:
    """A meeting that calls a county and two villages, led by the mayor."""

    def __init__(self) -> None:
        self.world = World()
        self.id = self.world.open(MAYOR, COUNTY, VILLAGE, OTHER_VILLAGE, record=False)
        for who in (MAYOR, COUNTY_LEADER, STATION, NEIGHBOUR):
            self.world.do(who, "meeting.join", self.id)

    def do(self, who: Account, act: str, /, **data: Any) -> list[Entry]:
        return self.world.do(who, f"banner.{act}", self.id, **data)

    def show(self, text: str, **data: Any) -> list[str]:
        return [entry.kind for entry in self.do(MAYOR, "show", text=text, **data)]

    @property
    def meeting(self) -> Meeting:
        return self.world.state.meetings[self.id]

    @property
    def sent(self) -> BannerSent:
        return self.meeting.read(BannerSent)

    def seen(self, center: str, kind: str = "banner") -> str | None:
        """The words that stand over the pictures of a center."""
        lines: list[BannerLine | None] = [getattr(self.meeting.read(Banner), kind)]
        row = self.meeting.read(BannerOwn).rows.get(center)
        lines.append(None if row is None else getattr(row, kind))
        found = [line.text for line in lines if line is not None]
        assert len(found) <= 1, "one of a kind at a time"
        return found[0] if found else None


def test_a_banner_stands_for_all_until_it_is_replaced_or_taken_off() -> None:
    room = Room()
    assert room.show("  今晚八时前\n完成转移 ") == ["banner.shown"]
    assert room.seen(VILLAGE) == room.seen(CITY) == "今晚八时前 完成转移"
    assert room.show("今晚八时前 完成转移") == []
    assert room.show("今晚九时前完成转移", style="warning") == ["banner.removed", "banner.shown"]
    assert room.world.entries[-2].data["reason"] == "replaced"
    assert room.sent.banner is not None
    assert (room.sent.banner.style, room.sent.banner.until, room.sent.banner.centers) == (
        "warning",
        None,
        None,
    )
    (gone,) = room.do(MAYOR, "remove", banner=room.sent.banner.id)
    assert (gone.kind, gone.data["reason"]) == ("banner.removed", "taken_off")
    assert room.seen(VILLAGE) is None
    assert room.sent == BannerSent()
    with refused("not_found", "banner"):
        room.do(MAYOR, "remove", banner=gone.data["banner"])


def test_chosen_centers_see_it_and_no_other() -> None:
    room = Room()
    room.show("到村里看看", reaches=[{"center": CITY, "to": "village", "only": True}])
    assert [room.seen(code) for code in (VILLAGE, OTHER_VILLAGE, COUNTY)] == ["到村里看看"] * 2 + [None]
    room.show("注意堤脚", kind="ticker", centers=[VILLAGE])
    assert (room.seen(VILLAGE), room.seen(VILLAGE, "ticker")) == ("到村里看看", "注意堤脚")
    assert room.seen(OTHER_VILLAGE, "ticker") is None
    room.show("所有人看这里")
    assert room.seen(COUNTY) == room.seen(VILLAGE) == "所有人看这里"
    assert room.seen(VILLAGE, "ticker") == "注意堤脚"
    assert set(room.meeting.read(BannerOwn).rows) == {VILLAGE}
    told = parts_of(room.meeting, NEIGHBOUR, desk=False)
    assert told["banner_own"] == {"rows": {}}
    assert told["banner_sent"] == {"banner": None, "ticker": None}
    own = parts_of(room.meeting, STATION, desk=False)["banner_own"]["rows"]
    assert own[VILLAGE]["ticker"]["text"] == "注意堤脚"
    desk = parts_of(room.meeting, COUNTY_LEADER, desk=True)
    assert desk["banner_own"] == {"rows": {}}, "a desk is told the centers once, not row by row"
    assert desk["banner_sent"]["ticker"]["centers"] == [VILLAGE]


def test_a_ticker_runs_as_often_as_it_was_to() -> None:
    room = Room()
    assert RULES.due is not None
    room.show("通知", kind="ticker")
    assert RULES.due(room.meeting) is None, "until it is taken off"
    room.show("水位 34.5 米", kind="ticker", times=3)
    line = room.sent.ticker
    assert line is not None
    assert line.until is not None
    assert line.run_seconds == run_seconds("水位 34.5 米")
    assert from_wire(line.until) == room.world.now + timedelta(seconds=3 * line.run_seconds)
    due = RULES.due(room.meeting)
    assert due is not None
    with refused("wrong_state"):
        room.do(SYSTEM_ACCOUNT, "expire", **due.data)
    room.world.now = due.at
    (gone,) = room.do(SYSTEM_ACCOUNT, "expire", **due.data)
    assert gone.data["reason"] == "over"
    assert room.do(SYSTEM_ACCOUNT, "expire", **due.data) == []
    assert RULES.due(room.meeting) is None
    assert room.show("横幅", times=3) == ["banner.shown"]
    assert room.sent.banner is not None
    assert (room.sent.banner.until, room.sent.banner.run_seconds) == (None, None), "a banner stays"


def test_the_end_of_the_meeting_takes_all_off_before() -> None:
    room = Room()
    room.show("横幅")
    room.show("字幕", kind="ticker", centers=[COUNTY])
    kinds = [entry.kind for entry in room.world.do(MAYOR, "meeting.end", room.id)]
    assert kinds[:2] == ["banner.removed"] * 2
    assert {entry.data["reason"] for entry in room.world.entries if entry.kind == "banner.removed"} == {
        "ended"
    }


def test_who_may_and_what_is_refused() -> None:
    room = Room()
    with refused("forbidden"):
        room.do(STATION, "show", text="x")
    with refused("not_found", "meeting"):
        room.do(STRANGER, "show", text="x")
    with refused("not_found", "centers"):
        room.show("x", centers=[TOWN])
    with refused("not_found", "reaches"):
        room.show("x", reaches=[{"center": "430699000000", "to": "village"}])
    with refused("invalid", "reaches"):
        room.show("x", reaches=[{"center": OTHER_COUNTY, "to": "village"}])
    for text in ("", " \n ", "长" * 61):
        with refused("invalid", "text"):
            room.show(text)
    with refused("invalid", "text"):
        room.show("长" * 201, kind="ticker")
    assert room.show("长" * 200, kind="ticker") == ["banner.shown"]
    room.show("x")
    assert room.sent.banner is not None
    with refused("forbidden"):
        room.do(STATION, "remove", banner=room.sent.banner.id)
    room.world.do(MAYOR, "meeting.end", room.id)
    with refused("meeting_ended"):
        room.show("x")


SHOWS = st.builds(
    lambda kind, text, centers, times: {"kind": kind, "text": text, "centers": centers, "times": times},
    st.sampled_from(["banner", "ticker"]),
    st.sampled_from(["甲", "乙"]),
    st.lists(st.sampled_from([COUNTY, VILLAGE, OTHER_VILLAGE]), max_size=3),
    st.sampled_from([None, 1]),
)


@settings(max_examples=50)
@given(st.lists(st.one_of(SHOWS, st.sampled_from(["remove", "time"])), max_size=14))
def test_whatever_is_done_each_center_sees_what_was_sent_to_it_last_and_replay_gives_the_same(
    acts: list[Any],
) -> None:
    room = Room()
    model: dict[str, dict[str, Any]] = {}
    for act in acts:
        if act == "remove":
            line = room.sent.banner or room.sent.ticker
            if line is not None:
                room.do(MAYOR, "remove", banner=line.id)
                model.pop(line.kind)
        elif act == "time":
            assert RULES.due is not None
            due = RULES.due(room.meeting)
            if due is not None:
                room.world.now = due.at
                room.do(SYSTEM_ACCOUNT, due.kind.removeprefix("banner."), **due.data)
                model.pop("ticker")
        else:
            room.do(MAYOR, "show", **act)
            model[act["kind"]] = act
        for kind in ("banner", "ticker"):
            now = model.get(kind)
            for center in (CITY, COUNTY, VILLAGE, OTHER_VILLAGE):
                text = None
                if now is not None and (not now["centers"] or center in now["centers"]):
                    text = now["text"]
                assert room.seen(center, kind) == text
        kept = replay(room.world.entries, room.id)
        assert kept is not None
        for part in (Banner, BannerSent, BannerOwn):
            assert kept.read(part) == room.meeting.read(part)
    kinds = [entry.kind for entry in room.world.entries]
    assert kinds.count("banner.shown") - kinds.count("banner.removed") == len(model)
