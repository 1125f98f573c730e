"""What sessions of the place of cameras are shown, as control holds it: a word a slot, and what of it is withheld. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from hub.coordination.camera_flow import Seen
from hub.coordination.sessions import TAKEN, Session

Tiles = list[list[int] | None]


@dataclass(slots=True)
class Shown:
    """What one session asked for: a word a slot, and which of them it is not shown."""

    account: str
    words: list[str | None] = field(default_factory=list)
    tiles: Tiles | None = None
    withheld: set[str] = field(default_factory=set)
    takes: frozenset[str] = frozenset(TAKEN)
    """Which codecs the browser takes, as its offer was answered."""
    sound: str | None = None
    """Of which camera it asked for the sound."""

    @property
    def cameras(self) -> set[str]:
        """The cameras it is shown."""
        return {word for word in self.words if word is not None} - self.withheld

    @property
    def hears(self) -> str | None:
        """Whose sound it hears: of a camera it is shown, and of none besides."""
        return self.sound if self.sound in self.cameras else None

    def told(self) -> list[str | None]:
        """The words as the node is told them."""
        return [None if word in self.withheld else word for word in self.words]


class ShownTable(dict[str, Shown]):
    """All of them, by session; and what follows for accounts and cameras."""

    @property
    def cameras(self) -> set[str]:
        """Those that anybody is shown."""
        return set().union(*(shown.cameras for shown in self.values()))

    def watching(self) -> set[tuple[str, str]]:
        """Which accounts are shown which cameras."""
        return {(shown.account, camera) for shown in self.values() for camera in shown.cameras}

    def listeners(self) -> dict[str, str]:
        """Which account hears which camera: each the one he chose."""
        return {shown.account: shown.hears for shown in self.values() if shown.hears is not None}

    def watchers(self, camera: str) -> dict[str, bool]:
        """Which accounts are shown it, in the order in which they came, and whether each hears it, too."""
        heard = self.listeners()
        who = dict.fromkeys(shown.account for shown in self.values() if camera in shown.cameras)
        return {account: heard.get(account) == camera for account in who}

    def watches(self, account: str, camera: str) -> bool:
        """Whether a session of this account is shown this camera."""
        return any(shown.account == account and camera in shown.cameras for shown in self.values())

    def takes(self, account: str, camera: str) -> frozenset[str]:
        """The codecs that browsers take in which the account named this camera."""
        mine = (shown for shown in self.values() if shown.account == account and camera in shown.words)
        return frozenset().union(*(shown.takes for shown in mine))

    def twins(self) -> set[str]:
        """The cameras that somebody is shown whose browser takes no H264, and takes VP8."""
        without = (shown for shown in self.values() if "vp8" in shown.takes and "h264" not in shown.takes)
        return set().union(*(shown.cameras for shown in without))

    def selected(self, account: str) -> set[str]:
        """The cameras that sessions of this account are shown."""
        mine = (shown.cameras for shown in self.values() if shown.account == account)
        return set().union(*mine)

    def seen(self, find: Callable[[str], Session | None]) -> Iterable[Seen]:
        """Every slot that holds a camera, as its node tells it. `find` knows sessions by their names."""
        for name, shown in self.items():
            session = find(name)
            if session is None or not session.connected or session.slots is None or session.tiles is None:
                continue
            for word, quality in zip(session.slots["video"], session.tiles["video"], strict=False):
                if word in shown.cameras:
                    yield Seen(shown.account, word, quality)
