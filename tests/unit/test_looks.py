"""Looks: a sitting is told of once, however many ranges a player asks for; another person, thing or sitting again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from signaling.looks import SITTING, Looks


class Told:
    """What the journal is told, at a clock of its own."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 8, 50, tzinfo=UTC)
        self.ids: list[str | None] = []
        self.looks = Looks(self, lambda: self.now)

    def note(self, kind: str, data: Mapping[str, Any], id: str | None = None) -> object:
        self.ids.append(id)
        return None

    def look(self, minutes: float, account: str = "a_1") -> int:
        """Look again so many minutes later; how many are told by then."""
        self.now += timedelta(minutes=minutes)
        self.looks.note("recording.note_viewed", {"account": account, "recording": "r_1", "what": "film"})
        return len(self.ids)


def test_a_sitting_is_told_once_though_it_goes_on_over_the_hour() -> None:
    told = Told()
    assert [told.look(0), *(told.look(10) for _ in range(12))] == [1] * 13


def test_who_comes_back_after_a_while_is_told_again_and_another_person_at_once() -> None:
    told = Told()
    told.look(0)
    assert told.look(0, "a_2") == 2
    assert told.look(SITTING.total_seconds() / 60 + 1) == 3
    assert len(set(told.ids)) == 3


def test_a_hub_that_starts_anew_within_the_hour_tells_it_under_the_same_id() -> None:
    told = Told()
    told.look(0)
    told.looks = Looks(told, lambda: told.now)
    told.look(5)
    assert told.ids[0] == told.ids[1]
