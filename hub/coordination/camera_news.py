"""What those who watch cameras are told of them: how each picture is, and who else watches it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from hub.coordination.camera_offers import CameraOffers, CameraState
from hub.coordination.camera_shown import ShownTable
from hub.coordination.sessions import CAMERAS
from hub.directory.accounts import Account

Data = dict[str, Any]
#: The word for a camera that may not be seen, or is not there: both look the same.
WITHHELD: Final = "withheld"


class CameraNews:
    """Tells each account what holds of the cameras it named, when that changes."""

    def __init__(
        self,
        shown: ShownTable,
        offers: CameraOffers,
        people: Callable[[], Mapping[str, Account]],
        tell: Callable[[str, Data], None],
    ) -> None:
        """`tell` is told (account, event)."""
        self._shown = shown
        self._offers = offers
        self._people = people
        self._tell = tell
        self._told: dict[tuple[str, str], Data] = {}  # (account, camera) -> the event last told
        self._news: set[str] = set()  # cameras whose watchers or state changed

    def of(self, cameras: Iterable[str | None]) -> None:
        """There may be news of these; nothing is told yet."""
        self._news.update(camera for camera in cameras if camera)

    def again(self, account: str, cameras: Iterable[str | None]) -> None:
        """The account is told of these whatever it was told before."""
        for camera in cameras:
            if camera is not None:
                self._told.pop((account, camera), None)
                self._news.add(camera)

    def watchers(self, camera: str) -> list[Data]:
        """Who is shown this camera now, each account once, and whether he hears it (`hears`)."""
        people = self._people()
        return [
            {"account": who.id, "name": who.name, "center": who.center, "hears": hears}
            for account, hears in self._shown.watchers(camera).items()
            if (who := people.get(account)) is not None
        ]

    def events(self, account: str) -> list[Data]:
        """The events that hold now for an account."""
        return [event for (who, _), event in self._told.items() if who == account]

    def tell(self) -> None:
        """Tell everybody who named one of the cameras of which there are news."""
        news, self._news = self._news, set()
        heard = self._shown.listeners()
        for camera in news:
            watchers = self.watchers(camera)
            named = dict.fromkeys(shown.account for shown in self._shown.values() if camera in shown.words)
            for account in named:
                event = self._event(account, camera, watchers)
                if heard.get(account) != camera:
                    event["sound"] = None
                if self._told.get((account, camera)) != event:
                    self._told[account, camera] = event
                    self._tell(account, event)
            for key in [key for key in self._told if key[1] == camera and key[0] not in named]:
                del self._told[key]

    def _event(self, account: str, camera: str, watchers: list[Data]) -> Data:
        withheld = not self._shown.watches(account, camera)
        state = CameraState(WITHHELD) if withheld else self._offers.state(camera)
        takes = self._shown.takes(account, camera)
        if not withheld and "h264" not in takes:
            state = state.without_h264(vp8="vp8" in takes)
        return {
            "meeting": CAMERAS,
            "kind": "camera",
            "camera": camera,
            "state": state.state,
            "reason": state.reason,
            "instead": state.instead,
            "codec": state.codec,
            "width": state.width,
            "height": state.height,
            "fps": state.fps,
            "bps": state.bps,
            "sound": None if withheld else state.sound,
            "watchers": [] if withheld else watchers,
        }
