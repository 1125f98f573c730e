"""How the pictures of cameras that were brought into meetings are, told to who follows the meeting (docs/protocol.md)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from hub.coordination.camera_offers import CameraOffers, CameraState
from hub.coordination.sessions import CAMERAS

Data = dict[str, Any]
#: What is told while nothing is known: the node of no viewer has asked for the picture yet.
_NOTHING: Final = CameraState()


class Brought:
    """Tells each change once to a whole meeting, for browsers with H264 and for those without it: no page says which it is."""

    def __init__(self, offers: CameraOffers, tell: Callable[[str, Data], None]) -> None:
        """`tell` is told (meeting, event)."""
        self._offers = offers
        self._tell = tell
        self._told: dict[tuple[str, str], Data] = {}  # (meeting, camera) -> the event last told

    def state(self, camera: str, state: CameraState) -> None:
        """How the picture of a camera is has changed."""
        for meeting in self._offers.meetings_of(camera) - {CAMERAS}:
            event = _event(meeting, camera, state)
            if self._told.get((meeting, camera), _event(meeting, camera, _NOTHING)) != event:
                self._told[meeting, camera] = event
                self._tell(meeting, event)

    def came(self, camera: str) -> None:
        """It has been brought into one more meeting: how it is may be known already."""
        self.state(camera, self._offers.state(camera))

    def parted(self, meeting: str, camera: str) -> None:
        """It is in that meeting no more."""
        self._told.pop((meeting, camera), None)

    def events(self, meeting: str) -> list[Data]:
        """What holds now, for one who begins to follow; what was never told goes without saying."""
        return [event for (where, _), event in self._told.items() if where == meeting]


def _event(meeting: str, camera: str, state: CameraState) -> Data:
    return {
        "meeting": meeting,
        "kind": "brought",
        "camera": camera,
        "picture": _picture(state),
        "without_h264": _picture(state.without_h264(vp8=True)),
    }


def _picture(state: CameraState) -> Data:
    return {"state": state.state, "reason": state.reason, "instead": state.instead}
