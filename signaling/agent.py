"""In what somebody signed in, in two words: enough to know one's own machine again, and no more than that is kept."""

from __future__ import annotations

import re
from typing import Final

#: The first that fits counts: browsers call themselves by the names of others, too.
_BROWSERS: Final = (
    ("MicroMessenger", "WeChat"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Version", "Safari"),
    ("aiohttp", "aiohttp"),
    ("curl", "curl"),
)
_SYSTEMS: Final = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iOS"),
    ("iPad", "iPadOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
#: More of a header is not looked at.
_LOOKED_AT: Final = 512


def agent_of(header: str | None) -> str:
    """`Chrome 148 · Windows` of a User-Agent header; empty where it says nothing."""
    text = (header or "")[:_LOOKED_AT]
    words = []
    for mark, name in _BROWSERS:
        found = re.search(rf"{mark}/(\d{{1,4}})", text)
        if found is not None:
            words.append(f"{name} {found[1]}")
            break
    words += [next((name for mark, name in _SYSTEMS if mark in text), "")]
    return " · ".join(word for word in words if word)
