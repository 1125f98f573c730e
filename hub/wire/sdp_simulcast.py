"""Simulcast in an offer: `a=rid` (RFC 8851) and `a=simulcast` (RFC 8853), and which layers of it are taken."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from hub.wire.sdp import Rid, SdpError, Section, SimulcastChoice

#: What one section may name; browsers send at most three layers.
MAX_RIDS: Final = 16
#: What is taken of it: more layers cost the publisher more than they give the viewers.
MAX_LAYERS: Final = 3
_RID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
#: Names whose order is known: what browsers' pages call a quarter, half and full picture, or low, middle and high.
_LADDERS: Final = (("q", "h", "f"), ("l", "m", "h"), ("low", "mid", "high"))
#: Restrictions (RFC 8851 §5) that order layers by quality, the most telling first.
_SIZES: Final = ("max-fs", "max-width", "max-height", "max-br", "max-pps", "max-fps")


def parse_rid(value: str) -> Rid:
    """The value of one `a=rid`. Raises SdpError if it is malformed; unknown restrictions are kept."""
    parts = value.split(None, 2)
    if len(parts) < 2 or not _RID.fullmatch(parts[0]) or parts[1] not in ("send", "recv"):
        raise SdpError("malformed rid")
    payload_types: tuple[int, ...] = ()
    restrictions: list[tuple[str, str]] = []
    for parameter in parts[2].split(";") if len(parts) == 3 else ():
        name, _, text = parameter.strip().partition("=")
        if name.lower() != "pt":
            restrictions.append((name.lower(), text))
            continue
        numbers = text.split(",")
        if not all(one.isascii() and one.isdigit() and len(one) <= 3 for one in numbers):
            raise SdpError("malformed payload types of a rid")
        payload_types = tuple(map(int, numbers))
    return Rid(parts[0], parts[1], payload_types, tuple(restrictions))


def parse_simulcast(value: str) -> tuple[tuple[SimulcastChoice, ...], ...]:
    """What `a=simulcast` says of sending: the streams, each with its alternatives. Raises SdpError."""
    parts = value.split()
    directions = parts[::2]
    if len(parts) not in (2, 4) or len(set(directions)) != len(directions):
        raise SdpError("malformed simulcast")
    sending: tuple[tuple[SimulcastChoice, ...], ...] = ()
    for direction, streams in zip(directions, parts[1::2], strict=True):
        if direction not in ("send", "recv") or streams.count(";") + streams.count(",") >= MAX_RIDS:
            raise SdpError("malformed simulcast, or too many streams")
        found = tuple(tuple(map(_choice, stream.split(","))) for stream in streams.split(";"))
        names = [choice.rid for stream in found for choice in stream]
        if len(set(names)) != len(names):
            raise SdpError("a rid stands twice in a simulcast")
        if direction == "send":
            sending = found
    return sending


def _choice(text: str) -> SimulcastChoice:
    name = text.removeprefix("~")
    if not _RID.fullmatch(name):
        raise SdpError("malformed simulcast")
    return SimulcastChoice(name, name != text)


@dataclass(frozen=True, slots=True)
class Layers:
    """The layers that were taken: in the order of the offer, and lowest first."""

    offered: tuple[str, ...]
    rising: tuple[str, ...]

    def answer_lines(self) -> list[str]:
        """`a=rid` and `a=simulcast` of the answer.

        No layer is answered as paused, also where it was offered so: a publisher may begin with it whenever
        his page wants (Chromium would take ``~`` for a refusal that lasts).
        """
        return [*(f"a=rid:{rid} recv" for rid in self.offered), f"a=simulcast:recv {';'.join(self.offered)}"]


def choose_layers(section: Section, payload_type: int) -> Layers | None:
    """The layers to take of a section's simulcast in the codec with this payload type, or None without any.

    Of alternatives the first that may carry the codec is taken; names without an `a=rid … send` do not count
    (RFC 8853 §5.2). Of more than three layers the lowest, the highest and the one in the middle are taken: bad lines
    need the lowest, large pictures the highest.
    """
    known = {rid.id: rid for rid in section.rids if rid.direction == "send"}
    offered: list[Rid] = []
    for alternatives in section.simulcast:
        fitting = (known[choice.rid] for choice in alternatives if choice.rid in known)
        taken = next(
            (one for one in fitting if not one.payload_types or payload_type in one.payload_types), None
        )
        if taken is not None:
            offered.append(taken)
    if not offered:
        return None
    rising = _rising(offered)
    if len(rising) > MAX_LAYERS:
        rising = [rising[0], rising[len(rising) // 2], rising[-1]]
    return Layers(tuple(rid.id for rid in offered if rid.id in rising), tuple(rising))


def _rising(offered: list[Rid]) -> list[str]:
    """The names, lowest quality first: by known names, by restrictions that all have, else the offer's order
    backwards, as it begins with what the offerer likes best (RFC 8853 §5.2)."""
    names = [rid.id for rid in offered]
    for ladder in _LADDERS:
        if set(names) <= set(ladder):
            return sorted(names, key=ladder.index)
    for size in _SIZES:
        values = [dict(rid.restrictions).get(size, "") for rid in offered]
        if len(set(values)) == len(values) and all(re.fullmatch(r"[0-9]{1,12}", value) for value in values):
            return [name for _, name in sorted(zip(map(int, values), names, strict=True))]
    return names[::-1]
