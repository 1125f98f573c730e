"""Writing an answer: RFC 8829 §5.3, with the hub as ICE-lite agent and, wherever that can be, DTLS server."""

from __future__ import annotations

from dataclasses import astuple, dataclass, field

from hub.wire.sdp import LocalTransport, Offer, Section
from hub.wire.sdp_fragment import candidate_lines
from hub.wire.sdp_plan import ExtensionIds, NegotiatedCodec


@dataclass(slots=True)
class AcceptedSection:
    """A section that will be answered with a port, and the lines that are its own."""

    section: Section
    direction: str
    codecs: list[NegotiatedCodec]
    extensions: ExtensionIds
    lines: list[str] = field(default_factory=list)


def write_answer(
    offer: Offer, local: LocalTransport, accepted: dict[int, AcceptedSection], *, server: bool = True
) -> str:
    """The answer: sections of `accepted` (by index in the offer) with a port, all others refused by port 0.

    With `server` the other side begins the DTLS handshake, else the hub does.
    """
    mids = bundled(offer, accepted)
    lines = [
        "v=0",
        f"o=- {local.session_id} {local.version} IN IP4 127.0.0.1",
        "s=-",
        "t=0 0",
        *([f"a=group:BUNDLE {' '.join(mids)}"] if mids else []),
        "a=ice-lite",
        "a=msid-semantic:WMS *",
    ]
    for section in offer.sections:
        one = accepted.get(section.index)
        if one is None:
            lines += [
                f"m={section.kind} 0 {section.protocol} {' '.join(section.formats)}",
                "c=IN IP4 0.0.0.0",
                *_transport_lines(local, server=server),
                *_mid_line(section),
                "a=inactive",
                "a=rtcp-mux",
            ]
        else:
            lines += _section_lines(one, local, server=server)
    return "\r\n".join(lines) + "\r\n"


def bundled(offer: Offer, accepted: dict[int, AcceptedSection]) -> tuple[str, ...]:
    """The mids of the answer's BUNDLE group; none where none was offered (then there is one section)."""
    return tuple(one.section.mid for one in accepted.values() if one.section.mid in offer.bundle)


def _mid_line(section: Section) -> list[str]:
    return [f"a=mid:{section.mid}"] if section.mid else []


def _section_lines(one: AcceptedSection, local: LocalTransport, *, server: bool) -> list[str]:
    section = one.section
    types = [
        str(number)
        for codec in one.codecs
        # RED before its Opus: that is how a browser is told to send it (Chromium takes the order at its word).
        for number in (codec.red, codec.payload_type, codec.rtx)
        if number is not None
    ]
    lines = [
        f"m={section.kind} 9 {section.protocol} {' '.join(types)}",
        "c=IN IP4 0.0.0.0",
        "a=rtcp:9 IN IP4 0.0.0.0",
        *_transport_lines(local, server=server),
        *_mid_line(section),
        *_extension_lines(one),
        f"a={one.direction}",
        "a=rtcp-mux",
    ]
    if section.rtcp_reduced_size:
        lines.append("a=rtcp-rsize")
    for codec in one.codecs:
        lines += _codec_lines(codec)
    lines += one.lines
    # In every section, not only the first: aiortc takes the candidates of the last one that shares a transport.
    return lines + candidate_lines(local)


def _transport_lines(local: LocalTransport, *, server: bool) -> list[str]:
    """Who the hub is. RFC 8829 lets refused sections go without, but aiortc wants it in every one."""
    return [
        f"a=ice-ufrag:{local.ice_ufrag}",
        f"a=ice-pwd:{local.ice_pwd}",
        f"a=fingerprint:{local.fingerprint.algorithm} {local.fingerprint.value}",
        f"a=setup:{'passive' if server else 'active'}",
    ]


def _extension_lines(one: AcceptedSection) -> list[str]:
    ids = one.extensions
    chosen = {*astuple(ids)} - {None}
    mirrored = {"sendonly": "/recvonly", "recvonly": "/sendonly"}
    return [
        f"a=extmap:{extension.id}{mirrored.get(extension.direction, '')} {extension.uri}"
        for extension in one.section.extensions
        if extension.id in chosen
    ]


def _codec_lines(codec: NegotiatedCodec) -> list[str]:
    number = codec.payload_type
    name = codec.name if codec.name == "opus" else codec.name.upper()
    channels = f"/{codec.channels}" if codec.channels > 1 else ""
    lines = [f"a=rtpmap:{number} {name}/{codec.clock_rate}{channels}"]
    lines += [f"a=rtcp-fb:{number} {value}" for value in codec.feedback]
    if codec.fmtp:
        lines.append(f"a=fmtp:{number} {codec.fmtp}")
    if codec.rtx is not None:
        lines += [f"a=rtpmap:{codec.rtx} rtx/{codec.clock_rate}", f"a=fmtp:{codec.rtx} apt={number}"]
    if codec.red is not None:
        lines += [
            f"a=rtpmap:{codec.red} red/{codec.clock_rate}{channels}",
            f"a=fmtp:{codec.red} {number}/{number}",
        ]
    return lines
