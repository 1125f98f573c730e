"""Whether a recording is fed: by every relay of which streams were told, and told on change only."""

from __future__ import annotations

from typing import Any

from recordings.feeding import MUTED_US, RETOLD_US, SILENT_US, Feeding, Relays


def test_a_relay_by_which_nothing_comes_is_seen_beside_one_that_feeds() -> None:
    relays = Relays()
    assert relays.are_fed(0), "nobody publishes"
    for relay, ssrc in (("a", 1), ("a", 2), ("b", 3)):
        relays.opened(relay, ssrc, 0)
    relays.heard("a", 0)
    assert relays.are_fed(SILENT_US - 1)
    assert not relays.are_fed(SILENT_US)
    relays.heard("b", SILENT_US)
    assert relays.are_fed(SILENT_US)
    assert relays.are_fed(MUTED_US - 1)
    assert not relays.are_fed(MUTED_US)


def test_streams_that_have_ended_are_not_missed() -> None:
    relays = Relays()
    relays.opened("a", 1, 0)
    relays.opened("a", 2, 0)
    relays.closed("a", 1)
    assert not relays.are_fed(SILENT_US)
    relays.closed("a", 2)
    assert relays.are_fed(SILENT_US)
    relays.opened("a", 4, 9 * SILENT_US)
    assert relays.are_fed(9 * SILENT_US), "it has just begun"


def test_what_a_new_control_does_not_tell_of_is_not_missed() -> None:
    relays = Relays()
    relays.opened("of a node that is lost", 1, 0)
    relays.opened("a", 2, 0)
    assert not relays.are_fed(SILENT_US)
    relays.doubt(SILENT_US)
    assert not relays.are_fed(SILENT_US + RETOLD_US - 1), "it may still be told of again"
    relays.opened("a", 2, 2 * SILENT_US)
    relays.heard("a", SILENT_US + RETOLD_US)
    assert relays.are_fed(SILENT_US + RETOLD_US), "the lost node's stream is still missed"
    relays.heard("of a node that is lost", SILENT_US + RETOLD_US)
    assert not relays.are_fed(SILENT_US + RETOLD_US + MUTED_US), "what it does tell of is missed as ever"


def test_changes_are_told_once_and_again_to_the_next_control() -> None:
    told: list[dict[str, Any]] = []
    feeding = Feeding(lambda event, data: told.append(data))
    for fed in (True, False, False):
        feeding.look({"r": fed, "other": True})
    feeding.tell_again()
    feeding.look({"r": True, "other": True})
    assert [(each["recording"], each["fed"], each["reason"]) for each in told] == [
        ("r", False, "not_fed"),
        ("r", False, "not_fed"),
        ("r", True, None),
    ]
    feeding.look({"r": False})
    feeding.look({})
    feeding.tell_again()
    assert len(told) == 4, "a recording that has ended is not spoken of"
