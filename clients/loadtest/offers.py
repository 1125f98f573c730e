"""The offers of light peers and what they take from an answer."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hub.wire import rtp_extensions as ext
from hub.wire.sdp import Fingerprint, RemoteTransport, SdpError, SdpUnsupported, Section
from hub.wire.sdp_parse import parse_offer

VIDEO_TYPE: Final = 96
RTX_TYPE: Final = 97
AUDIO_TYPE: Final = 111
MID_ID: Final = 1
AUDIO_LEVEL_ID: Final = 2
TRANSPORT_ID: Final = 3
RID_ID: Final = 4
REPAIRED_RID_ID: Final = 5
CNAME: Final = "loadtest"


@dataclass(frozen=True, slots=True)
class Local:
    """Our side of a peer's transport, as its offer tells it."""

    ufrag: str
    password: str
    fingerprint: Fingerprint


@dataclass(frozen=True, slots=True)
class Answered:
    """What an answer came to: the hub's transport and candidates, and the sections it took, by mid."""

    remote: RemoteTransport
    candidates: tuple[str, ...]
    sections: dict[str, Section]


@dataclass(frozen=True, slots=True)
class Sending:
    """A section that sends: its source and that of its retransmissions (None: none), or with simulcast its `rids`,
    best first, as a browser offers them, without naming sources."""

    kind: str
    ssrc: int
    rtx_ssrc: int | None = None
    rids: tuple[str, ...] = ()


def publish_offer(local: Local, tracks: Sequence[Sending]) -> str:
    """An offer that sends VP8 and/or Opus; the mid of each track is its index."""
    return _offer(local, [(track.kind, "sendonly", track) for track in tracks], transport_cc=True)


def watch_offer(local: Local, video: int, audio: int, transport_cc: bool = True) -> str:
    """An offer with so many slots of each kind. Without `transport_cc` no feedback is promised."""
    kinds = ["video"] * video + ["audio"] * audio
    return _offer(local, [(kind, "recvonly", None) for kind in kinds], transport_cc=transport_cc)


def _offer(local: Local, sections: Sequence[tuple[str, str, Sending | None]], *, transport_cc: bool) -> str:
    mids = " ".join(str(mid) for mid in range(len(sections)))
    lines = [
        "v=0",
        f"o=- {secrets.randbits(62)} 1 IN IP4 127.0.0.1",
        "s=-",
        "t=0 0",
        f"a=group:BUNDLE {mids}",
        "a=msid-semantic:WMS *",
    ]
    for mid, (kind, direction, sending) in enumerate(sections):
        types = f"{VIDEO_TYPE} {RTX_TYPE}" if kind == "video" else str(AUDIO_TYPE)
        lines += [
            f"m={kind} 9 UDP/TLS/RTP/SAVPF {types}",
            "c=IN IP4 0.0.0.0",
            f"a=ice-ufrag:{local.ufrag}",
            f"a=ice-pwd:{local.password}",
            f"a=fingerprint:{local.fingerprint.algorithm} {local.fingerprint.value}",
            "a=setup:actpass",
            f"a=mid:{mid}",
            f"a=extmap:{MID_ID} {ext.MID_URI}",
            f"a={direction}",
            "a=rtcp-mux",
            "a=rtcp-rsize",
        ]
        lines += _VIDEO_LINES if kind == "video" else _AUDIO_LINES
        if transport_cc:
            codec = VIDEO_TYPE if kind == "video" else AUDIO_TYPE
            lines += [
                f"a=extmap:{TRANSPORT_ID} {ext.TRANSPORT_SEQUENCE_URI}",
                f"a=rtcp-fb:{codec} transport-cc",
            ]
        if sending is not None:
            lines += [f"a=msid:loadtest {kind}", *_source_lines(sending)]
    return "\r\n".join(lines) + "\r\n"


def _source_lines(sending: Sending) -> list[str]:
    if sending.rids:
        return [
            f"a=extmap:{RID_ID} {ext.RID_URI}",
            f"a=extmap:{REPAIRED_RID_ID} {ext.REPAIRED_RID_URI}",
            *(f"a=rid:{rid} send" for rid in sending.rids),
            f"a=simulcast:send {';'.join(sending.rids)}",
        ]
    lines = [f"a=ssrc:{sending.ssrc} cname:{CNAME}"]
    if sending.rtx_ssrc is not None:
        lines.insert(0, f"a=ssrc-group:FID {sending.ssrc} {sending.rtx_ssrc}")
        lines.append(f"a=ssrc:{sending.rtx_ssrc} cname:{CNAME}")
    return lines


_VIDEO_LINES: Final = [
    f"a=rtpmap:{VIDEO_TYPE} VP8/90000",
    f"a=rtcp-fb:{VIDEO_TYPE} nack",
    f"a=rtcp-fb:{VIDEO_TYPE} nack pli",
    f"a=rtcp-fb:{VIDEO_TYPE} ccm fir",
    f"a=rtpmap:{RTX_TYPE} rtx/90000",
    f"a=fmtp:{RTX_TYPE} apt={VIDEO_TYPE}",
]
_AUDIO_LINES: Final = [
    f"a=extmap:{AUDIO_LEVEL_ID} {ext.AUDIO_LEVEL_URI}",
    f"a=rtpmap:{AUDIO_TYPE} opus/48000/2",
    f"a=fmtp:{AUDIO_TYPE} minptime=10;useinbandfec=1",
]


def read_answer(text: str) -> Answered:
    """What the answer says. Raises SdpError, or SdpUnsupported if nothing of the offer was taken."""
    answer = parse_offer(text)  # one grammar for both
    taken = [section for section in answer.sections if not section.rejected]
    if not taken:
        raise SdpUnsupported("the answer takes nothing of the offer")
    first = taken[0]
    if first.ice_ufrag is None or first.ice_pwd is None or not first.fingerprints:
        raise SdpError("an answer without a transport")
    remote = RemoteTransport(first.ice_ufrag, first.ice_pwd, first.fingerprints, first.setup or "passive")
    candidates = tuple(candidate for section in taken for candidate in section.candidates)
    return Answered(remote, candidates, {section.mid: section for section in taken})
