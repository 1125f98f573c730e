"""Where a session goes, and what is told of loudness when several nodes tell it. No links, no sleep."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest

from hub.coordination.levels import Levels
from hub.coordination.nodes import Node, NodeTable
from hub.coordination.sessions import Session, SessionTable
from hub.errors import Refusal
from hub.link import Link

COUNTY = "430682115210"


class StillLink:
    """A link that is open until it is not."""

    def __init__(self) -> None:
        self.closed = asyncio.Event()


def _table(**regions: str) -> NodeTable:
    nodes = NodeTable()
    for name, region in regions.items():
        nodes.add(Node(name, cast(Link, StillLink()), region=region))
    return nodes


def _names(nodes: NodeTable, sessions: SessionTable, who: str = "a", center: str = COUNTY) -> list[str]:
    return [node.id for node in nodes.places("m", who, center, sessions)]


def _session(sessions: SessionTable, node: str, who: str, meeting: str = "m") -> None:
    sessions.add(Session(f"s{len(sessions)}", meeting, who, "watch", node, "e"))


def test_the_node_with_the_fewest_sessions_comes_first() -> None:
    nodes, sessions = _table(n1="", n2="", n3=""), SessionTable()
    for node in ("n1", "n1", "n2"):
        _session(sessions, node, "other")
    assert _names(nodes, sessions) == ["n3", "n2", "n1"]


def test_ones_own_other_session_comes_before_everything() -> None:
    nodes, sessions = _table(n1="430682", n2=""), SessionTable()
    _session(sessions, "n2", "a")
    for _ in range(5):
        _session(sessions, "n2", "other")
    assert _names(nodes, sessions)[0] == "n2"
    assert _names(nodes, sessions, "b")[0] == "n1"


def test_a_session_of_another_meeting_does_not_bind() -> None:
    nodes, sessions = _table(n1="", n2=""), SessionTable()
    _session(sessions, "n2", "a", "another")
    assert _names(nodes, sessions)[0] == "n1"


def test_the_narrowest_region_comes_first_then_none_then_a_foreign_one() -> None:
    nodes = _table(foreign="430621", everywhere="", city="4306", county="430682")
    assert _names(nodes, SessionTable()) == ["county", "city", "everywhere", "foreign"]


def test_a_thousand_that_come_at_once_are_spread_before_the_first_is_answered() -> None:
    nodes, sessions = _table(n1="", n2=""), SessionTable()
    placed = []
    opening: list[Any] = []
    for number in range(1000):
        node = nodes.places("m", f"p{number}", "", sessions)[0]
        opening.append(nodes.opening(node, "m", f"p{number}"))
        opening[-1].__enter__()
        placed.append(node.id)
    assert placed.count("n1") == placed.count("n2") == 500
    # The second session of one of them finds the first, though it is not open yet.
    assert nodes.places("m", "p7", "", sessions)[0].id == placed[7]
    for each in opening:
        each.__exit__(None, None, None)
    assert not nodes._opening


def test_a_node_whose_link_is_gone_gets_nothing() -> None:
    nodes, sessions = _table(n1="", n2=""), SessionTable()
    gone = nodes.get("n1")
    assert gone is not None
    gone.link.closed.set()
    assert _names(nodes, sessions) == ["n2"]
    nodes.get("n2").link.closed.set()  # type: ignore[union-attr]
    with pytest.raises(Refusal) as refused:
        _names(nodes, sessions)
    assert refused.value.code == "unavailable"


def test_the_table_of_sessions_forgets_what_it_no_longer_holds() -> None:
    sessions = SessionTable()
    for number in range(10):
        _session(sessions, f"n{number % 2}", f"p{number}")
    assert sessions.nodes_of("m") == {"n0", "n1"}
    for session in sessions.on_node("n1"):
        sessions.remove(session.id)
    assert sessions.nodes_of("m") == {"n0"}
    assert (sessions.load("n0"), sessions.load("n1")) == (5, 0)
    assert not sessions.of("another")


def _levels(who: str, level: int, speaker: str | None = None) -> dict[str, Any]:
    return {"meeting": "m", "levels": {who: level}, "speaker": speaker}


def test_one_node_is_told_on_as_it_tells() -> None:
    levels = Levels()
    for number in range(5):
        event = levels.take("n1", _levels("a", 30 + number, "a"), number * 0.1)
        assert event is not None
        assert event["levels"] == {"a": 30 + number}


def test_two_nodes_are_told_together_about_as_often_as_one() -> None:
    levels = Levels()
    told = []
    for step in range(20):
        now = step * 0.25
        node, who = (("n1", "a"), ("n2", "b"))[step % 2]
        event = levels.take(node, _levels(who, 30, None), now)
        if event is not None:
            told.append(event)
    assert 9 <= len(told) <= 12
    assert told[-1]["levels"] == {"a": 30, "b": 30}


def test_the_loudest_of_those_whose_own_node_names_them_is_the_speaker() -> None:
    levels = Levels()
    levels.take("n1", _levels("a", 40, "a"), 0.0)
    event = levels.take("n2", _levels("b", 20, "b"), 0.5)
    assert event is not None
    assert event["speaker"] == "b"
    # The other node has not heard of it yet, and names one of its own.
    event = levels.take("n1", _levels("a", 40, "b"), 1.0)
    assert event is not None
    assert event["speaker"] == "b"


def test_what_a_node_said_long_ago_does_not_count() -> None:
    levels = Levels()
    levels.take("n1", _levels("a", 10, "a"), 0.0)
    event = levels.take("n2", _levels("b", 50, None), 5.0)
    assert event is not None
    assert event == {"meeting": "m", "kind": "levels", "levels": {"b": 50}, "speaker": None}
