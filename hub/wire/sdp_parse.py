"""Reading an offer: one bounded pass over its lines, linear in their number."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from hub.wire.sdp import (
    DIRECTIONS,
    Codec,
    Extension,
    Fingerprint,
    Offer,
    Rid,
    SdpError,
    Section,
    SimulcastChoice,
    check_ice,
    split_lines,
)
from hub.wire.sdp_simulcast import MAX_RIDS, parse_rid, parse_simulcast

#: More media sections than this no peer of ours has (a wall of 26 slots, 4 of sound, what others add).
MAX_SECTIONS: Final = 64
#: Formats in all `m=` lines together: sixteen sections of all that Chromium can do have 400.
MAX_FORMATS: Final = 1024
_TOKEN: Final = re.compile(r"[!#-'*+\-.0-9A-Z^-~]{1,64}")
_FINGERPRINT: Final = re.compile(r"[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){15,63}")
_SETUPS: Final = frozenset({"actpass", "active", "passive", "holdconn"})
#: Payload types with a fixed meaning that may stand without `a=rtpmap` (RFC 3551 §6).
_STATIC: Final = {0: ("pcmu", 8000), 8: ("pcma", 8000), 9: ("g722", 8000), 13: ("cn", 8000)}


@dataclass(slots=True)
class _Transport:
    """ICE and DTLS attributes, which may stand in the session part or in a section."""

    ufrag: str | None = None
    pwd: str | None = None
    fingerprints: list[Fingerprint] = field(default_factory=list)
    setup: str | None = None


@dataclass(slots=True)
class _Draft:
    """A section while its lines are being read."""

    kind: str
    port: int
    protocol: str
    formats: tuple[str, ...]
    transport: _Transport = field(default_factory=_Transport)
    mid: str | None = None
    direction: str | None = None
    bundle_only: bool = False
    rtcp_mux: bool = False
    reduced_size: bool = False
    maps: dict[int, tuple[str, int, int]] = field(default_factory=dict)
    fmtp: dict[int, str] = field(default_factory=dict)
    feedback: dict[int, list[str]] = field(default_factory=dict)
    feedback_all: list[str] = field(default_factory=list)
    extensions: list[Extension] = field(default_factory=list)
    ssrcs: dict[int, None] = field(default_factory=dict)
    fid: list[tuple[int, int]] = field(default_factory=list)
    rids: dict[str, Rid] = field(default_factory=dict)
    simulcast: tuple[tuple[SimulcastChoice, ...], ...] = ()
    msid: tuple[str, str] | None = None
    candidates: list[str] = field(default_factory=list)


def parse_offer(text: str) -> Offer:
    """The offer in `text`. Raises SdpError for whatever is malformed, and nothing else.

    Attributes the hub has no use for are skipped unread.
    """
    lines = split_lines(text)
    if not lines or lines[0] != "v=0":
        raise SdpError("does not begin with v=0")
    session = _Transport()
    bundle: tuple[str, ...] = ()
    session_direction = "sendrecv"
    ice_lite = False
    drafts: list[_Draft] = []
    formats = 0
    for line in lines[1:]:
        if len(line) < 2 or line[1] != "=" or not line[0].isalpha():
            raise SdpError("a line that is not <letter>=<value>")
        if line[0] == "m":
            if len(drafts) >= MAX_SECTIONS:
                raise SdpError("too many media sections")
            drafts.append(_media_line(line[2:]))
            formats += len(drafts[-1].formats)
            if formats > MAX_FORMATS:
                raise SdpError("too many formats")
        elif line[0] == "a":
            name, _, value = line[2:].partition(":")
            if name == "ice-lite":
                ice_lite = True  # at session level only (RFC 8839 §5.3), and believed wherever it stands
            elif drafts:
                _section_attribute(drafts[-1], name, value)
            elif name == "group" and value.startswith("BUNDLE") and not bundle:
                bundle = tuple(value.split()[1:])
            elif name in DIRECTIONS:
                session_direction = name
            else:
                _transport_attribute(session, name, value)
    sections = tuple(_finish(index, draft, session, session_direction) for index, draft in enumerate(drafts))
    if not sections:
        raise SdpError("no media section")
    mids = [section.mid for section in sections if section.mid]
    if len(set(mids)) != len(mids):
        raise SdpError("a mid is used twice")
    if len(set(bundle)) != len(bundle) or not set(bundle) <= set(mids):
        raise SdpError("a BUNDLE group with unknown or doubled mids")
    return Offer(sections, bundle, ice_lite)


def _number(text: str, least: int, most: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and least <= int(text) <= most):
        raise SdpError("a number is malformed or out of range")
    return int(text)


def _media_line(value: str) -> _Draft:
    parts = value.split()
    if len(parts) < 4 or len(parts) > 256 or not _TOKEN.fullmatch(parts[0]):
        raise SdpError("malformed m= line")
    port = _number(parts[1].partition("/")[0], 0, 65535)
    formats = tuple(parts[3:])
    if len(set(formats)) != len(formats):
        raise SdpError("a format is listed twice")
    if "RTP/" in parts[2]:
        for payload_type in formats:
            _number(payload_type, 0, 127)
    return _Draft(parts[0], port, parts[2], formats)


def _transport_attribute(transport: _Transport, name: str, value: str) -> None:
    if name == "ice-ufrag":
        transport.ufrag = value
    elif name == "ice-pwd":
        transport.pwd = value
    elif name == "setup":
        if value not in _SETUPS:
            raise SdpError("unknown setup role")
        transport.setup = value
    elif name == "fingerprint":
        algorithm, _, digest = value.partition(" ")
        if not _TOKEN.fullmatch(algorithm) or not _FINGERPRINT.fullmatch(digest.strip()):
            raise SdpError("malformed fingerprint")
        if len(transport.fingerprints) >= 8:
            raise SdpError("too many fingerprints")
        transport.fingerprints.append(Fingerprint(algorithm.lower(), digest.strip().upper()))


def _section_attribute(draft: _Draft, name: str, value: str) -> None:
    reader = _READERS.get(name)
    if reader is not None:
        reader(draft, value)
    elif name in DIRECTIONS:
        draft.direction = name
    elif name == "rtcp-mux":
        draft.rtcp_mux = True
    elif name == "rtcp-rsize":
        draft.reduced_size = True
    elif name == "bundle-only":
        draft.bundle_only = True
    else:
        _transport_attribute(draft.transport, name, value)


def _read_mid(draft: _Draft, value: str) -> None:
    if draft.mid is not None or not _TOKEN.fullmatch(value):
        raise SdpError("malformed or doubled mid")
    draft.mid = value


def _read_rtpmap(draft: _Draft, value: str) -> None:
    number, _, encoding = value.partition(" ")
    parts = encoding.strip().split("/")
    if not 2 <= len(parts) <= 3 or not _TOKEN.fullmatch(parts[0]):
        raise SdpError("malformed rtpmap")
    channels = _number(parts[2], 1, 255) if len(parts) == 3 else 1
    draft.maps[_number(number, 0, 127)] = (parts[0].lower(), _number(parts[1], 1, 10**9), channels)


def _read_fmtp(draft: _Draft, value: str) -> None:
    number, _, parameters = value.partition(" ")
    draft.fmtp[_number(number, 0, 127)] = parameters.strip()


def _read_feedback(draft: _Draft, value: str) -> None:
    number, _, feedback = value.partition(" ")
    feedback = " ".join(feedback.split())
    if not feedback:
        raise SdpError("malformed rtcp-fb")
    if number == "*":
        draft.feedback_all.append(feedback)
    else:
        draft.feedback.setdefault(_number(number, 0, 127), []).append(feedback)


def _read_extmap(draft: _Draft, value: str) -> None:
    number, _, rest = value.partition(" ")
    number, _, direction = number.partition("/")
    uri = rest.split(maxsplit=1)
    if not uri or (direction and direction not in DIRECTIONS):
        raise SdpError("malformed extmap")
    # Ids of 4096 and above are an offerer's alternatives (RFC 8285 §7), which we never choose.
    if (chosen := _number(number, 1, 4351)) <= 255:
        draft.extensions.append(Extension(chosen, uri[0], direction or "sendrecv"))


def _read_ssrc(draft: _Draft, value: str) -> None:
    draft.ssrcs[_number(value.split(" ", 1)[0], 0, 0xFFFF_FFFF)] = None


def _read_ssrc_group(draft: _Draft, value: str) -> None:
    parts = value.split()
    if parts and parts[0] == "FID":
        if len(parts) != 3:
            raise SdpError("an FID group has two sources")
        draft.fid.append((_number(parts[1], 0, 0xFFFF_FFFF), _number(parts[2], 0, 0xFFFF_FFFF)))


def _read_rid(draft: _Draft, value: str) -> None:
    rid = parse_rid(value)
    if rid.id in draft.rids or len(draft.rids) >= MAX_RIDS:
        raise SdpError("a rid is used twice, or too many")
    draft.rids[rid.id] = rid


def _read_simulcast(draft: _Draft, value: str) -> None:
    draft.simulcast = parse_simulcast(value)


def _read_msid(draft: _Draft, value: str) -> None:
    parts = value.split()
    if not 1 <= len(parts) <= 2:
        raise SdpError("malformed msid")
    if draft.msid is None:
        draft.msid = (parts[0], parts[1] if len(parts) == 2 else "")


def _read_candidate(draft: _Draft, value: str) -> None:
    draft.candidates.append(value)


_READERS: Final[dict[str, Callable[[_Draft, str], None]]] = {
    "mid": _read_mid,
    "rtpmap": _read_rtpmap,
    "fmtp": _read_fmtp,
    "rtcp-fb": _read_feedback,
    "extmap": _read_extmap,
    "ssrc": _read_ssrc,
    "ssrc-group": _read_ssrc_group,
    "rid": _read_rid,
    "simulcast": _read_simulcast,
    "msid": _read_msid,
    "candidate": _read_candidate,
}


def _finish(index: int, draft: _Draft, session: _Transport, session_direction: str) -> Section:
    own = draft.transport
    ufrag, pwd = (session.ufrag, session.pwd) if own.ufrag is None else (own.ufrag, own.pwd)
    if ufrag is not None or pwd is not None:
        check_ice(ufrag, pwd)
    return Section(
        index=index,
        kind=draft.kind,
        mid=draft.mid or "",
        protocol=draft.protocol,
        formats=draft.formats,
        direction=draft.direction or session_direction,
        rejected=draft.port == 0 and not draft.bundle_only,
        codecs=_codecs(draft),
        extensions=tuple(draft.extensions),
        ssrcs=tuple(draft.ssrcs),
        fid=tuple(draft.fid),
        rids=tuple(draft.rids.values()),
        simulcast=draft.simulcast,
        msid=draft.msid,
        rtcp_mux=draft.rtcp_mux,
        rtcp_reduced_size=draft.reduced_size,
        ice_ufrag=ufrag,
        ice_pwd=pwd,
        fingerprints=tuple(own.fingerprints or session.fingerprints),
        setup=own.setup or session.setup,
        candidates=tuple(draft.candidates),
    )


def _codecs(draft: _Draft) -> tuple[Codec, ...]:
    """The payload types of the m= line, in its order; those without a known meaning are left out."""
    if "RTP/" not in draft.protocol:
        return ()
    codecs = []
    for payload_type in map(int, draft.formats):
        name, clock_rate, channels = draft.maps.get(payload_type, (*_STATIC.get(payload_type, ("", 0)), 1))
        if not name:
            continue
        fmtp = draft.fmtp.get(payload_type, "")
        apt = None
        if name == "rtx":
            text = Codec(payload_type, name, clock_rate, fmtp=fmtp).parameters.get("apt", "")
            apt = _number(text, 0, 127)
        feedback = (*draft.feedback_all, *draft.feedback.get(payload_type, ()))
        codecs.append(Codec(payload_type, name, clock_rate, channels, fmtp, feedback, apt))
    return tuple(codecs)
