"""What flows to whom, and what is told of looks: by what nodes and gateways say, not by what a page says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hub.coordination.camera_flow import BEGIN_S, FlowTable, Seen
from hub.coordination.camera_looks import LookLog
from hub.coordination.camera_offers import CameraState

BEGAN = datetime(2026, 11, 29, 8, tzinfo=UTC)


def at(seconds: int) -> datetime:
    return BEGAN + timedelta(seconds=seconds)


def test_a_picture_flows_from_when_it_is_there_until_it_is_not_and_a_hole_begins_anew() -> None:
    table = FlowTable()
    good = [Seen("a", "c", "good")]
    assert table.look(good, [], 0.0) == [], "the camera does not play"
    assert table.look(good, ["c"], 1.0) == [], "the first picture is not counted yet"
    [change] = table.look(good, ["c"], 4.0)
    assert (change.seconds, change.quality) == (3.0 - BEGIN_S, "good")
    [change] = table.look([Seen("a", "c", "lost")], ["c"], 5.0)
    assert change.seconds == 0
    assert table.look(good, ["c"], 6.0) == []
    [change] = table.look(good, ["c"], 7.0)
    assert change.seconds == 1.0 - BEGIN_S


def test_of_several_slots_the_best_counts_and_each_account_for_itself() -> None:
    table = FlowTable()
    slots = [Seen("a", "c", "poor"), Seen("a", "c", "fair"), Seen("b", "c", None)]
    table.look(slots, ["c"], 0.0)
    [change] = table.look(slots, ["c"], 2.0)
    assert (change.account, change.quality) == ("a", "fair")
    assert table.of("b", 2.0) == {}
    assert table.of("a", 2.0)["c"].seconds == 2.0 - BEGIN_S


def test_looks_are_told_without_a_gap_and_once() -> None:
    log = LookLog()
    log.see([("a", "c")], [], {}, at(0))
    log.see([("a", "c")], [("a", "c")], {}, at(30))
    [(_, first)] = log.take(at(30))
    assert (first.begun, first.until, first.seconds) == (at(0), at(30), 30)
    log.see([("a", "c")], [("a", "c")], {}, at(40))
    log.see([], [], {}, at(50))
    [(key, second)] = log.take(at(60))
    assert key == ("a", "c")
    assert (second.begun, second.until, second.seconds) == (at(30), at(50), 10)
    assert log.take(at(70)) == []


def test_who_hears_a_camera_is_told_with_his_look() -> None:
    log = LookLog()
    log.see([("a", "c"), ("a", "d"), ("b", "c")], [], {"a": "c"}, at(0))
    log.see([("a", "c"), ("a", "d"), ("b", "c")], [], {}, at(20))
    log.see([("a", "c"), ("a", "d"), ("b", "c")], [], {}, at(30))
    heard = {key: look.heard for key, look in log.take(at(30))}
    assert heard == {("a", "c"): 20, ("a", "d"): 0, ("b", "c"): 0}
    log.see([("a", "c")], [], {"a": "c"}, at(30))
    log.see([], [], {}, at(35))
    assert {key: look.heard for key, look in log.take(at(40))}["a", "c"] == 5


def test_a_look_between_two_moments_is_told_however_short() -> None:
    log = LookLog()
    log.see([("a", "c")], [], {}, BEGAN)
    log.see([], [], {}, BEGAN)
    assert len(log.take(BEGAN)) == 1


@pytest.mark.parametrize(
    ("state", "vp8", "told"),
    [
        (CameraState("playing", twin="playing"), True, ("playing", "", "transcoded")),
        (CameraState("unplayable", "codec_h265", twin="playing"), True, ("playing", "", "transcoded")),
        (CameraState("playing", twin="connecting"), True, ("connecting", "", None)),
        (CameraState(twin="quota"), True, ("unplayable", "quota", "snapshots")),
        (CameraState("playing", twin="failed"), True, ("unplayable", "transcode_failed", "snapshots")),
        (CameraState("playing"), False, ("unplayable", "browser_h264", "snapshots")),
        (CameraState("reconnecting", "silent", twin="playing"), True, ("reconnecting", "silent", None)),
        (CameraState("refused", "credentials"), True, ("refused", "credentials", None)),
    ],
)
def test_what_a_browser_without_h264_is_told(
    state: CameraState, vp8: bool, told: tuple[str, str, str | None]
) -> None:
    found = state.without_h264(vp8=vp8)
    assert (found.state, found.reason, found.instead) == told
