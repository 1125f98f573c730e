"""What nodes tell, as pages hear it: lines with since when, sources of several nodes, layers, tiles, numbers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hub.clock import to_wire
from hub.coordination.hearing import Hearing
from hub.coordination.node_stats import MOST_REASONS
from hub.coordination.sessions import Session, SessionTable

Data = dict[str, Any]
START = datetime(2026, 11, 23, 8, tzinfo=UTC)
MEETING, VILLAGE, LEADER = "m_1", "a_village", "a_leader"


class Ear:
    """A hearing with its sessions, a clock of its own, and what it told."""

    def __init__(self) -> None:
        self.now = START
        self.sessions = SessionTable()
        self.hearing = Hearing(self.sessions, lambda: self.now)
        self.told: list[tuple[str | None, Data]] = []
        self.hearing.on_event = lambda meeting, account, event: self.told.append((account, event))

    def session(self, name: str, who: str = VILLAGE, source: str = "camera") -> Session:
        direction = "watch" if name.startswith("watch") else "publish"
        made = Session(name, MEETING, who, direction, "n1", "1", source=source)
        self.sessions.add(made)
        return made

    def hear(self, event: str, node: str = "n1", **data: Any) -> None:
        self.hearing.handlers(node)[event]({"meeting": MEETING, **data})

    def uplink(self, state: str, peer: str = "camera", **figures: Any) -> None:
        self.hear("quality", participant=VILLAGE, peer=peer, state=state, **figures)

    def of(self, kind: str) -> list[Data]:
        return [event for _, event in self.told if event["kind"] == kind]


@pytest.fixture
def ear() -> Ear:
    made = Ear()
    made.session("camera")
    return made


def test_a_line_says_since_when_it_is_as_it_is(ear: Ear) -> None:
    ear.uplink("poor", loss_permille=80, rtt_ms=40)
    ear.uplink("poor", loss_permille=90, rtt_ms=42)
    assert len(ear.of("quality")) == 1, "figures alone can wait"
    ear.now += timedelta(seconds=9)
    ear.uplink("poor", loss_permille=95, rtt_ms=42)
    first, second = ear.of("quality")
    assert first["participants"] == {VILLAGE: "poor"}
    assert first["lines"][VILLAGE] == {
        "since": to_wire(START),
        "loss_permille": 80,
        "bitrate_bps": None,
        "rtt_ms": 40,
    }
    assert second["lines"][VILLAGE]["since"] == to_wire(START), "still the same trouble"
    assert second["lines"][VILLAGE]["loss_permille"] == 95
    ear.now += timedelta(seconds=1)
    ear.uplink("good", loss_permille=0, rtt_ms=40)
    assert ear.of("quality")[-1]["lines"][VILLAGE]["since"] == to_wire(ear.now)


def test_what_cannot_be_passed_on_is_told_to_its_owner_and_again_when_he_comes_back(ear: Ear) -> None:
    session = ear.session("camera")
    for track, size in (("video", 1516), ("audio", 1700), ("video", 1600)):
        ear.hear(
            "dropped", peer="camera", participant=VILLAGE, track=track, reason="packet_too_long", bytes=size
        )
    ear.hear("dropped", peer="nobody", participant=VILLAGE, track="video", reason="packet_too_long", bytes=9)
    told = [(account, event["track"], event["bytes"]) for account, event in ear.told]
    assert told == [(VILLAGE, "video", 1516), (VILLAGE, "audio", 1700), (VILLAGE, "video", 1600)]
    assert [event.get("bytes") for event in session.holding()] == [1600, 1700, None]


def test_whether_somebody_watches_is_told_again_to_who_was_away(ear: Ear) -> None:
    session = ear.session("camera")
    for paused in (True, False):
        ear.hear("pause", peer="camera", participant=VILLAGE, paused=paused)
        assert ear.told[-1][1]["paused"] is paused
        assert [event["paused"] for event in session.holding()] == [paused], "he may have missed it"


def test_figures_of_many_bad_lines_are_told_together(ear: Ear) -> None:
    many = [f"a_{number}" for number in range(50)]
    for who in many:
        ear.session(f"of_{who}", who)
        ear.hear("quality", participant=who, peer=f"of_{who}", state="poor", loss_permille=100)
    assert len(ear.of("quality")) == 50, "the states at once"
    for second in range(11):
        ear.now += timedelta(seconds=1)
        for who in many:
            ear.hear("quality", participant=who, peer=f"of_{who}", state="poor", loss_permille=101 + second)
    together = ear.of("quality")[50:]
    assert len(together) == 2
    assert sorted(together[-1]["lines"]) == sorted(many)


def test_a_good_line_that_stays_good_is_no_news(ear: Ear) -> None:
    for loss in (0, 1, 2):
        ear.uplink("good", loss_permille=loss)
    assert len(ear.of("quality")) == 1
    (held,) = (event for event in ear.hearing.media.events(MEETING) if event["kind"] == "quality")
    assert held["lines"][VILLAGE]["loss_permille"] == 2, "who asks anew has the newest figures"


def test_a_participant_is_as_bad_as_his_worst_session(ear: Ear) -> None:
    screen = ear.session("screen", source="screen")
    ear.uplink("good")
    ear.uplink("poor", peer="screen")
    assert ear.of("quality")[-1]["participants"] == {VILLAGE: "poor"}
    ear.sessions.remove(screen.id)
    ear.hearing.tell_closed(screen, "closed")
    assert ear.of("quality")[-1]["participants"] == {VILLAGE: "good"}


def test_the_lines_of_a_closed_session_are_gone(ear: Ear) -> None:
    watching = ear.session("watch")
    ear.hear("downlink", participant=VILLAGE, peer="watch", state="poor", bitrate_bps=300_000)
    ear.hear("peer", peer="watch", state="closed", reason="consent_expired")
    assert ear.sessions.get(watching.id) is None
    assert [event["gone"] for event in ear.of("downlink")] == [[], [VILLAGE]]
    ear.hear("downlink", participant=VILLAGE, peer="watch", state="poor")
    assert len(ear.of("downlink")) == 2, "what a node says too late brings nothing back"
    assert [event["kind"] for event in ear.hearing.media.events(MEETING)] == ["sources"]


def test_a_node_that_talks_nonsense_of_a_line_is_not_believed(ear: Ear) -> None:
    ear.uplink("splendid")
    ear.uplink("poor", loss_permille="many")
    (only,) = ear.of("quality")
    assert only["lines"][VILLAGE]["loss_permille"] is None


def fold(events: list[Data]) -> dict[str, Data]:
    """Who sends, as a page knows it after these events."""
    known: dict[str, Data] = {}
    for event in events:
        known = ({} if event["full"] else known) | {row["participant"]: row for row in event["sources"]}
        known = {who: row for who, row in known.items() if who not in event["gone"]}
    return known


def test_sources_of_several_nodes_and_sessions_are_one_row_a_participant(ear: Ear) -> None:
    camera = {"participant": VILLAGE, "peer": "camera", "video": "vp8", "audio": "opus"}
    screen = {"participant": VILLAGE, "peer": "screen", "video": None, "audio": None, "screen": "vp8"}
    ear.hear("sources", sources=[camera, screen])
    ear.hear("sources", node="n2", sources=[{"participant": LEADER, "video": None, "audio": "opus"}])
    assert len(ear.of("sources")) == 1, "what comes right after waits to be told together"
    ear.hearing.tell_waiting(float("inf"))
    assert fold(ear.of("sources")) == {
        VILLAGE: {"participant": VILLAGE, "video": "vp8", "audio": "opus", "screen": "vp8"},
        LEADER: {"participant": LEADER, "video": None, "audio": "opus", "screen": None},
    }
    ear.hearing.forget_node("n1")
    assert list(fold(ear.of("sources"))) == [LEADER]
    (full, *_) = ear.hearing.media.events(MEETING)
    assert fold([full]) == fold(ear.of("sources")), "who begins to follow knows the same"


def test_a_track_among_many_is_told_alone_and_nothing_new_is_not_told(ear: Ear) -> None:
    many = [{"participant": f"a_{n}", "peer": f"p_{n}", "video": "vp8", "audio": None} for n in range(200)]
    ear.hear("sources", sources=many)
    many[7] = {**many[7], "audio": "opus"}
    ear.hear("sources", sources=many)
    ear.hear("sources", sources=many)
    ear.hearing.tell_waiting(float("inf"))
    first, second = ear.of("sources")
    assert (len(first["sources"]), [row["participant"] for row in second["sources"]]) == (200, ["a_7"])
    ear.hear("sources", sources=many)
    ear.hearing.tell_waiting(float("inf"))
    assert len(ear.of("sources")) == 2


def test_of_a_meeting_that_has_ended_nothing_is_kept_whatever_a_node_still_says(ear: Ear) -> None:
    ear.hear("sources", sources=[{"participant": VILLAGE, "peer": "camera", "video": "vp8"}])
    ear.sessions.remove("camera")
    ear.hearing.forget(MEETING)
    ear.told.clear()
    ear.hear("sources", sources=[])
    ear.hear("levels", levels={VILLAGE: 20}, speaker=VILLAGE)
    ear.hearing.tell_waiting(float("inf"))
    assert ear.told == []
    assert not ear.hearing.media.knows(MEETING)


def test_layers_and_tiles_are_told_to_the_owner_and_held_for_him(ear: Ear) -> None:
    watching = ear.session("watch", LEADER)
    ear.hear("layers", participant=VILLAGE, peer="camera", active=["q", "h"])
    ear.hear("tiles", participant=LEADER, peer="watch", video=["good", None])
    assert ear.told == [
        (VILLAGE, {"meeting": MEETING, "kind": "layers", "session": "camera", "active": ["q", "h"]}),
        (LEADER, {"meeting": MEETING, "kind": "tiles", "session": "watch", "video": ["good", None]}),
    ]
    assert watching.holding() == [ear.told[1][1]]


def test_numbers_of_a_node_are_bounded_and_go_with_it(ear: Ear) -> None:
    dropped = {f"reason_{number:03d}": number for number in range(500)}
    ear.hear("stats", peers=3, packets_in=10, cpu_share=float("nan"), secret=1, dropped=dropped)
    counted = ear.hearing.stats.by_node["n1"]
    assert counted.figures == {"peers": 3, "packets_in": 10}
    assert len(counted.dropped) == MOST_REASONS
    ear.hearing.forget_node("n1")
    assert ear.hearing.stats.by_node == {}
