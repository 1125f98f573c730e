"""By which way the station's media goes: straight to the hub first; where that does not get through, over the hub's relay."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from aiortc import RTCIceServer

#: One server as WHIP's ``Link`` headers have it (RFC 9725 §4.6).
_LINK: Final = re.compile(r"<(turns?:[^>]+)>([^<]*)")
_WORD: Final = re.compile(r';\s*([\w-]+)="([^"]*)"')


class WayIn:
    """The ways there are, and the one to take next: the one that did last, else the next one round."""

    def __init__(self) -> None:
        self._relay: list[RTCIceServer] = []
        self._at = 0

    @property
    def servers(self) -> list[RTCIceServer]:
        """What the next connection is made with: none for the straight way, else one address of the relay."""
        # aioice speaks to one relay at a time, so the addresses are tried one after the other.
        return [] if self._at == 0 else [self._relay[self._at - 1]]

    @property
    def has_other(self) -> bool:
        """Whether there is another way than the straight one."""
        return bool(self._relay)

    def take(self, links: Iterable[str]) -> None:
        """What an answer of the hub says of the relay; fresh keys replace those of before."""
        found: list[RTCIceServer] = []
        for url, words in _LINK.findall(", ".join(links)):
            given = dict(_WORD.findall(words))
            if given.get("rel") == "ice-server":
                found.append(
                    RTCIceServer(url, username=given.get("username"), credential=given.get("credential"))
                )
        # Where UDP did not reach the hub it will hardly reach the relay: that comes last.
        self._relay = sorted(found, key=lambda server: "transport=udp" in server.urls)
        self._at = min(self._at, len(found))

    def failed(self) -> None:
        """The way that was taken does not get through: the next one."""
        self._at = (self._at + 1) % (len(self._relay) + 1)
