"""What a camera says it has (RFC 2326 App. C, RFC 4566): tracks out of the descriptions that vendors really send.

Lines that are broken are passed over; only a description without any track is an error. Where requests for a track go is
worked out by the vendors' way (a control word appended after the query), not by RFC 3986, which no camera follows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

#: Lines, tracks and characters of one line that are read; cameras have 15 to 60 lines and 1 to 4 tracks.
MAX_LINES: Final = 1024
MAX_TRACKS: Final = 16
MAX_LINE_CHARS: Final = 8192

#: Payload types with a fixed meaning (RFC 3551 §6).
_STATIC: Final = {
    0: ("pcmu", 8000, 1),
    3: ("gsm", 8000, 1),
    4: ("g723", 8000, 1),
    8: ("pcma", 8000, 1),
    9: ("g722", 8000, 1),
    14: ("mpa", 90000, 1),
    18: ("g729", 8000, 1),
    26: ("jpeg", 90000, 1),
    32: ("mpv", 90000, 1),
    33: ("mp2t", 90000, 1),
}
#: Names under which vendors offer what has another name.
_ALIASES: Final = {
    "hevc": "h265",
    "avc": "h264",
    "g711a": "pcma",
    "g711u": "pcmu",
    "mpeg4-generic": "aac",
    "mp4a-latm": "aac-latm",
}
_SCHEME: Final = re.compile(r"^(?:rtsps?://)+(?=rtsps?://)", re.IGNORECASE)
_ABSOLUTE: Final = re.compile(r"^rtsps?://", re.IGNORECASE)
_SIZE: Final = re.compile(r"(\d{2,5})\D+(\d{2,5})")


class DescriptionError(ValueError):
    """The description names no track."""


@dataclass(frozen=True, slots=True)
class Track:
    """One stream of a camera.

    `kind` is "video", "audio" or "application"; `codec` in lower case ("h264", "h265", "pcma", "aac", …), empty where the
    camera does not say; `clock_rate` in Hz; `fmtp` as the camera wrote it; `control` is the URL its SETUP goes to.
    `fps` and `size` are what the description claims, None where it claims nothing believable.
    """

    kind: str
    codec: str
    payload_type: int
    clock_rate: int
    channels: int
    fmtp: str
    control: str
    fps: float | None = None
    size: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Description:
    """The tracks of a camera, and the URL that PLAY, keep-alive and TEARDOWN go to."""

    tracks: tuple[Track, ...]
    control: str


@dataclass(slots=True)
class _Draft:
    kind: str
    types: list[int]
    maps: dict[int, tuple[str, int, int]]
    fmtp: dict[int, str]
    control: str = ""
    fps: float | None = None
    size: tuple[int, int] | None = None


def parse_description(text: str, base: str) -> Description:
    """The tracks of `text`; `base` is what `base_url` gave. Raises DescriptionError where there is none."""
    control, fps = "", None
    drafts: list[_Draft] = []
    for line in re.split(r"\r\n|\n|\r", text)[:MAX_LINES]:
        kind, equals, value = line.strip()[:MAX_LINE_CHARS].partition("=")
        kind, value = kind.strip(), value.strip()
        if not equals:
            continue
        if kind == "m":
            draft = _media(value)
            if draft is not None and len(drafts) < MAX_TRACKS:
                drafts.append(draft)
        elif kind == "a":
            name, _, content = value.partition(":")
            name, content = name.strip().lower(), content.strip()
            if drafts:
                _attribute(drafts[-1], name, content)
            elif name == "control":
                control = content
            elif name == "framerate":
                fps = _rate(content)
    if not drafts:
        raise DescriptionError("no media in the description")
    whole = resolve(base, control)
    tracks = tuple(_track(draft, whole, fps, alone=len(drafts) == 1) for draft in drafts)
    return Description(tracks, whole)


def base_url(asked: str, content_base: str = "", content_location: str = "") -> str:
    """What control words are appended to (RFC 2326 App. C.1.1): Content-Base, Content-Location, or what was asked for.

    A doubled scheme is halved; a base that is none, or has lost the query of what was asked for, is not believed.
    """
    for told in (content_base, content_location):
        url = repaired(told)
        if not _ABSOLUTE.match(url):
            continue
        path, query, _ = asked.partition("?")
        if query and "?" not in url and _path_of(url).rstrip("/") == _path_of(path).rstrip("/"):
            return asked
        return url
    return asked


def resolve(base: str, control: str) -> str:
    """The URL that a control word means below `base`."""
    word = repaired(control)
    if word in ("", "*"):
        return base
    if _ABSOLUTE.match(word):
        return word
    if word.startswith("?"):
        return base.rstrip("/") + word
    # Live555 and its many children want exactly base + "/" + word, after the query too.
    return base.rstrip("/") + "/" + word.lstrip("/")


def repaired(url: str) -> str:
    """A URL without blanks around it and with its scheme once."""
    return _SCHEME.sub("", url.strip().strip('"').strip())


def _path_of(url: str) -> str:
    return "/" + url.partition("://")[2].partition("/")[2]


def _media(value: str) -> _Draft | None:
    """An m= line; None for one that cannot be read at all."""
    words = value.split()
    if not words:
        return None
    types = [int(word) for word in words[3:] if word.isascii() and word.isdigit() and int(word[:4]) <= 127]
    kind = words[0].lower()
    return _Draft(kind if kind in ("video", "audio") else "application", types, {}, {})


def _attribute(draft: _Draft, name: str, content: str) -> None:
    if name == "control":
        draft.control = content
    elif name == "rtpmap":
        number, _, rest = content.partition(" ")
        parts = [part.strip() for part in rest.strip().split("/")]
        payload_type = _integer(number, 127)
        if payload_type is not None and parts[0]:
            rate = _integer(parts[1], 10_000_000) if len(parts) > 1 else None
            channels = _integer(parts[2], 16) if len(parts) > 2 else None
            draft.maps[payload_type] = (parts[0].lower(), rate or 0, channels or 1)
    elif name == "fmtp":
        number, _, rest = content.partition(" ")
        payload_type = _integer(number, 127)
        if payload_type is not None:
            draft.fmtp[payload_type] = rest.strip()
    elif name in ("framerate", "x-framerate"):
        draft.fps = _rate(content)
    elif name in ("framesize", "x-dimensions", "cliprect"):
        draft.size = _size(content.partition(" ")[2] if name == "framesize" else content)


def _track(draft: _Draft, whole: str, fps: float | None, *, alone: bool) -> Track:
    # A camera whose m= line lists no payload type, or another than its rtpmap, means the rtpmap.
    known = [number for number in draft.types if number in draft.maps or number in _STATIC]
    number = (known or list(draft.maps) or draft.types or [-1])[0]
    codec, rate, channels = draft.maps.get(number) or _STATIC.get(number, ("", 0, 1))
    codec = _ALIASES.get(codec, codec)
    if rate == 0:
        rate = 90_000 if draft.kind == "video" else 8000
    fmtp = draft.fmtp.get(number, "")
    if not fmtp and len(draft.fmtp) == 1:
        fmtp = next(iter(draft.fmtp.values()))
    if not codec and "sprop-parameter-sets" in fmtp:
        codec = "h264"
    control = resolve(whole, draft.control) if draft.control or alone else whole
    return Track(draft.kind, codec, number, rate, channels, fmtp, control, draft.fps or fps, draft.size)


def _rate(text: str) -> float | None:
    """Pictures a second, as "25", "25.0" or "30000/1001"; None for what no camera has."""
    above, _, below = text.partition("/")
    try:
        rate = float(above) / float(below or 1)
    except (ValueError, ZeroDivisionError, OverflowError):
        return None
    return rate if 0.1 <= rate <= 240 else None


def _size(text: str) -> tuple[int, int] | None:
    numbers = _SIZE.search(text) if "," not in text else re.search(r"(\d+),(\d+)\s*$", text)
    if numbers is None or max(len(numbers[1]), len(numbers[2])) > 5:
        return None
    first, second = int(numbers[1]), int(numbers[2])
    if text.count(",") == 3:  # cliprect: top, left, bottom, right
        first, second = second, first
    return (first, second) if 16 <= first <= 16384 and 16 <= second <= 16384 else None


def _integer(text: str, most: int) -> int | None:
    stripped = text.strip()
    if not (stripped.isascii() and stripped.isdigit() and len(stripped) <= 9):
        return None
    return number if (number := int(stripped)) <= most else None
