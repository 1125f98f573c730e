"""Session descriptions as values: what an offer says (RFC 8866, RFC 8829), and what is wrong with one."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

#: Caps on what is read at all; a browser's longest offer has about 12 KiB.
MAX_SDP_BYTES: Final = 64 * 1024
MAX_SDP_LINES: Final = 2000
MAX_LINE_CHARS: Final = 4096

#: Directions of a section, as seen by whoever wrote the description.
DIRECTIONS: Final = frozenset({"sendrecv", "sendonly", "recvonly", "inactive"})

_ICE_UFRAG: Final = re.compile(r"[A-Za-z0-9+/]{4,256}")
_ICE_PWD: Final = re.compile(r"[A-Za-z0-9+/]{22,256}")


class SdpError(ValueError):
    """The text is no session description (the caller's 400)."""


class SdpUnsupported(ValueError):
    """A session description that we understand and cannot serve (the caller's 422)."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """One `a=fingerprint` (RFC 8122): hash name in lower case, colon-separated upper-case hex."""

    algorithm: str
    value: str


@dataclass(frozen=True, slots=True)
class Codec:
    """One payload type of a section: `name` in lower case, `clock_rate` in Hz, `fmtp` as it stands.

    `feedback` holds the `a=rtcp-fb` values (``nack pli``); `apt` is, for rtx, the payload type repaired.
    """

    payload_type: int
    name: str
    clock_rate: int
    channels: int = 1
    fmtp: str = ""
    feedback: tuple[str, ...] = ()
    apt: int | None = None

    @property
    def parameters(self) -> dict[str, str]:
        """`fmtp` taken apart, keys in lower case."""
        pairs = (part.strip().partition("=") for part in self.fmtp.split(";") if part.strip())
        return {key.strip().lower(): value.strip() for key, _, value in pairs}


@dataclass(frozen=True, slots=True)
class Extension:
    """One `a=extmap` (RFC 8285): id 1–255, direction (`sendrecv` where none stands)."""

    id: int
    uri: str
    direction: str = "sendrecv"


@dataclass(frozen=True, slots=True)
class Rid:
    """One `a=rid` (RFC 8851): a stream's name, `send` or `recv` as seen by the offerer.

    `payload_types` are those of `pt=`, empty for all of the section; `restrictions` the other parameters
    (``max-width``) as they stand, keys in lower case.
    """

    id: str
    direction: str
    payload_types: tuple[int, ...] = ()
    restrictions: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SimulcastChoice:
    """One name in `a=simulcast` (RFC 8853 §5.1); `paused` where a ``~`` stands before it."""

    rid: str
    paused: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """One media section. `mid` is empty where it has none (RFC 8829 has one in each, older senders in none).

    `rejected` says that its port is 0 without `bundle-only`. `ssrcs` are those of `a=ssrc` in order,
    `fid` pairs (media, rtx) of `a=ssrc-group:FID`. `simulcast` are the streams that the offerer would send
    at once, in his order, each with its alternatives. `msid` is (stream, track) or None. ICE and DTLS values
    are those of the section or, where it has none, of the session; None or empty where neither has them.
    """

    index: int
    kind: str
    mid: str
    protocol: str
    formats: tuple[str, ...]
    direction: str
    rejected: bool
    codecs: tuple[Codec, ...] = ()
    extensions: tuple[Extension, ...] = ()
    ssrcs: tuple[int, ...] = ()
    fid: tuple[tuple[int, int], ...] = ()
    rids: tuple[Rid, ...] = ()
    simulcast: tuple[tuple[SimulcastChoice, ...], ...] = ()
    msid: tuple[str, str] | None = None
    rtcp_mux: bool = False
    rtcp_reduced_size: bool = False
    ice_ufrag: str | None = None
    ice_pwd: str | None = field(default=None, repr=False)
    fingerprints: tuple[Fingerprint, ...] = ()
    setup: str | None = None
    candidates: tuple[str, ...] = ()

    def rtx_for(self, payload_type: int) -> Codec | None:
        """The rtx codec that repairs `payload_type` (RFC 4588 §8.1), if offered."""
        return next((c for c in self.codecs if c.name == "rtx" and c.apt == payload_type), None)

    def extension(self, uri: str, directions: frozenset[str] = DIRECTIONS) -> Extension | None:
        """The extension with this URI offered in one of `directions`."""
        return next((e for e in self.extensions if e.uri == uri and e.direction in directions), None)


@dataclass(frozen=True, slots=True)
class RemoteTransport:
    """How the other side's one bundled transport is reached and known.

    `setup` is its DTLS role as offered: `actpass`, `active` or `passive`.
    """

    ice_ufrag: str
    ice_pwd: str = field(repr=False)
    fingerprints: tuple[Fingerprint, ...]
    setup: str

    @property
    def hub_is_server(self) -> bool:
        """Who begins the handshake: the other side wherever it can (RFC 9725 §4.4.4), else the hub (RFC 8842 §5.3)."""
        return self.setup != "passive"


@dataclass(frozen=True, slots=True)
class Offer:
    """A session description that parsed. `bundle` are the mids of the first `a=group:BUNDLE`."""

    sections: tuple[Section, ...]
    bundle: tuple[str, ...]
    ice_lite: bool = False


@dataclass(frozen=True, slots=True)
class LocalTransport:
    """What the hub says of its own side of a peer's transport.

    `candidates` are (IP address, UDP port), best first. `session_id` (< 2^62) and `version` go into `o=`.
    """

    ice_ufrag: str
    ice_pwd: str = field(repr=False)
    fingerprint: Fingerprint
    candidates: tuple[tuple[str, int], ...]
    session_id: int = 1
    version: int = 1


def check_ice(ufrag: str | None, pwd: str | None) -> None:
    """Raises SdpError unless both are there in the form of RFC 8839 §5.4."""
    if ufrag is None or pwd is None or not _ICE_UFRAG.fullmatch(ufrag) or not _ICE_PWD.fullmatch(pwd):
        raise SdpError("missing or malformed ICE credentials")


def split_lines(text: str) -> list[str]:
    """The lines of a description without their ends. Raises SdpError beyond the caps or for control characters."""
    if len(text) > MAX_SDP_BYTES or len(text.encode("utf-8", "replace")) > MAX_SDP_BYTES:
        raise SdpError("longer than 64 KiB")
    if text.count("\n") > MAX_SDP_LINES:
        raise SdpError("more than 2,000 lines")
    lines = []
    for raw in text.split("\n"):
        line = raw.removesuffix("\r")
        if len(line) > MAX_LINE_CHARS:
            raise SdpError("a line of more than 4,096 characters")
        if "\0" in line or "\r" in line:
            raise SdpError("a control character")
        if line:
            lines.append(line)
    return lines
