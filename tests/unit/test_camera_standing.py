"""Which cameras that matter give no picture, and how all stand, as health and alarms have it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hub.cameras.catalog import Camera, Facts
from hub.clock import to_wire
from hub.upkeep.camera_standing import CameraStanding
from hub.upkeep.health import Looked
from tests.support.cameras import a_camera

NOW = datetime(2026, 11, 30, tzinfo=UTC)


def away(name: str, minutes: float) -> Camera:
    since = to_wire(NOW - timedelta(minutes=minutes))
    return a_camera(camera=name, important=True, facts=Facts(state="away", since=since))


class Rows:
    def __init__(self, states: dict[str, int], *cameras: Camera) -> None:
        self.states, self.cameras = states, list(cameras)

    async def standing(self, limit: int) -> tuple[dict[str, int], list[Camera]]:
        return self.states, self.cameras[:limit]


async def test_one_is_missing_after_five_minutes_and_not_while_it_plays() -> None:
    plays: set[str] = set()
    rows = Rows({"ok": 3, "away": 2}, away("gate", 5.1), away("dyke", 4.9))
    standing = CameraStanding(rows, lambda: NOW, lambda: plays)
    assert (standing.missing(), list(standing.looked())) == ([], []), "before it was read nothing is said"
    await standing.look()
    assert [each.camera for each in standing.missing()] == ["gate"]
    figures = {"ok_cameras": 3, "away_cameras": 2, "pulls": 0}
    assert list(standing.looked()) == [Looked("cameras", "", "warning", "important_away", figures)]
    plays.add("gate")
    assert standing.missing() == []
    (looked,) = standing.looked()
    assert (looked.state, looked.figures["pulls"]) == ("good", 1)
