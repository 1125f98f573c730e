"""Answering an offer: which codecs, extensions and sources the media plane uses, and the text that says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from hub.wire import rtp_extensions as ext
from hub.wire.sdp import (
    Codec,
    LocalTransport,
    Offer,
    RemoteTransport,
    SdpUnsupported,
    Section,
    check_ice,
)
from hub.wire.sdp_opus import opus_parameters, red_for
from hub.wire.sdp_plan import (
    ExtensionIds,
    NegotiatedCodec,
    PublishPlan,
    PublishTrack,
    Tagged,
    WatchPlan,
    WatchSlot,
)
from hub.wire.sdp_simulcast import Layers, choose_layers
from hub.wire.sdp_write import AcceptedSection, bundled, write_answer

__all__ = [
    "ExtensionIds",
    "NegotiatedCodec",
    "PublishPlan",
    "PublishTrack",
    "WatchPlan",
    "WatchSlot",
    "answer_publish",
    "answer_watch",
]

#: A wall of 25 pictures, and a screen beside them.
MAX_VIDEO_SLOTS: Final = 26
MAX_AUDIO_SLOTS: Final = 4
#: Video codecs in the hub's order of preference: VP8 is the one that every browser shares.
VIDEO_PREFERENCE: Final = ("vp8", "h264", "vp9", "av1")
#: Feedback the hub understands, as far as offered.
_FEEDBACK: Final = ("nack", "nack pli", "ccm fir", "transport-cc", "goog-remb")
#: AV1 cannot be switched without its dependency descriptor, which is not read: it goes as one layer.
_SIMULCAST_CODECS: Final = frozenset({"vp8", "vp9", "h264"})
_FINGERPRINT_ALGORITHMS: Final = frozenset({"sha-256", "sha-384", "sha-512"})
_PROTOCOLS: Final = frozenset({"UDP/TLS/RTP/SAVPF", "RTP/SAVPF", "TCP/TLS/RTP/SAVPF"})
_SENDING: Final = frozenset({"sendrecv", "sendonly"})
_RECEIVING: Final = frozenset({"sendrecv", "recvonly"})


def answer_publish(offer: Offer, local: LocalTransport) -> PublishPlan:
    """Take at most one picture and one sound of a publisher. Raises SdpUnsupported if that cannot be.

    Of the codecs offered for the picture the first of VIDEO_PREFERENCE is chosen; sound is Opus. Other
    sections (receiving, data channels) are refused in the answer by port 0. Of a simulcast offer at most
    three layers are taken (hub/wire/sdp_simulcast.py says which).
    """
    accepted: dict[int, AcceptedSection] = {}
    tracks: list[PublishTrack] = []
    for section in _usable(offer, _SENDING):
        if any(track.kind == section.kind for track in tracks):
            raise SdpUnsupported(f"more than one sending {section.kind} section")
        choices = _common_codecs(section)
        if not choices:
            raise SdpUnsupported(f"no {section.kind} codec in common")
        codec = choices[0]
        extensions = _extension_ids(section, [codec], _SENDING)
        layers = _layers(section, codec, extensions)
        if layers is None:
            extensions = replace(extensions, rid=None, repaired_rid=None)
            accepted[section.index] = AcceptedSection(section, "recvonly", [codec], extensions)
            ssrc, rtx_ssrc = _sources(section)
            tracks.append(PublishTrack(section.mid, section.kind, codec, extensions, ssrc, rtx_ssrc))
            continue
        if extensions.repaired_rid is None:
            codec = replace(codec, rtx=None)  # nobody could tell which layer a repair belongs to
        lines = layers.answer_lines()
        accepted[section.index] = AcceptedSection(section, "recvonly", [codec], extensions, lines)
        tracks.append(PublishTrack(section.mid, section.kind, codec, extensions, None, None, layers.rising))
    if not tracks:
        raise SdpUnsupported("nothing is sent")
    remote = _remote(offer, accepted)
    answer = write_answer(offer, local, accepted, server=remote.hub_is_server)
    return PublishPlan(answer, remote, tuple(tracks), _tagged(offer, accepted))


def answer_watch(
    offer: Offer, local: LocalTransport, new_ssrc: Callable[[], int], cname: str = "hub"
) -> WatchPlan:
    """Make a slot of each receiving section. Raises SdpUnsupported if that cannot be.

    `new_ssrc` gives the hub's sources, each different. A video slot accepts every codec of VIDEO_PREFERENCE that
    is offered, because what it shows may change. At most 26 video and 4 audio slots.
    """
    accepted: dict[int, AcceptedSection] = {}
    slots: list[WatchSlot] = []
    for section in _usable(offer, _RECEIVING):
        codecs = _common_codecs(section)
        if not codecs:
            raise SdpUnsupported(f"no {section.kind} codec in common")
        of_kind = sum(slot.kind == section.kind for slot in slots)
        if of_kind >= (MAX_VIDEO_SLOTS if section.kind == "video" else MAX_AUDIO_SLOTS):
            raise SdpUnsupported(f"too many {section.kind} sections")
        extensions = replace(_extension_ids(section, codecs, _RECEIVING), rid=None, repaired_rid=None)
        ssrc = new_ssrc()
        rtx_ssrc = new_ssrc() if any(codec.rtx is not None for codec in codecs) else None
        # The first picture and the first sound make one stream, as a plain player expects; others move apart.
        stream = "stage" if of_kind == 0 else f"slot-{section.mid}"
        lines = [f"a=msid:{stream} {section.kind}-{section.mid}"]
        if rtx_ssrc is not None:
            lines.append(f"a=ssrc-group:FID {ssrc} {rtx_ssrc}")
        lines += [f"a=ssrc:{source} cname:{cname}" for source in (ssrc, rtx_ssrc) if source is not None]
        accepted[section.index] = AcceptedSection(section, "sendonly", codecs, extensions, lines)
        by_name = {codec.name: codec for codec in codecs}
        slots.append(WatchSlot(section.mid, section.kind, by_name, extensions, ssrc, rtx_ssrc, cname))
    if not slots:
        raise SdpUnsupported("nothing is received")
    remote = _remote(offer, accepted)
    answer = write_answer(offer, local, accepted, server=remote.hub_is_server)
    return WatchPlan(answer, remote, tuple(slots), _tagged(offer, accepted))


# --- what is negotiated -------------------------------------------------------------------------------


def _usable(offer: Offer, directions: frozenset[str]) -> Iterator[Section]:
    """The sections of sound and picture in one of `directions`. SdpUnsupported if they cannot share one transport."""
    found = 0
    for section in offer.sections:
        if section.kind not in ("audio", "video") or section.rejected or section.direction not in directions:
            continue
        if section.protocol not in _PROTOCOLS:
            raise SdpUnsupported("a section that is not DTLS-SRTP")
        if not section.rtcp_mux:
            raise SdpUnsupported("a section without rtcp-mux (RFC 5761)")
        found += 1
        if section.mid not in offer.bundle and (found > 1 or offer.bundle):
            raise SdpUnsupported("several sections must be bundled on one transport (RFC 9143)")
        yield section


def _common_codecs(section: Section) -> list[NegotiatedCodec]:
    """One entry for each codec in common, best first."""
    names = VIDEO_PREFERENCE if section.kind == "video" else ("opus",)
    found = []
    for name in names:
        fitting = [(rank, codec) for codec in section.codecs if (rank := _rank(codec, name)) is not None]
        if not fitting:
            continue
        codec = min(fitting, key=lambda pair: pair[0])[1]
        rtx = section.rtx_for(codec.payload_type)
        found.append(
            NegotiatedCodec(
                name,
                codec.payload_type,
                rtx.payload_type if rtx is not None and rtx.clock_rate == codec.clock_rate else None,
                codec.clock_rate,
                codec.channels,
                codec.fmtp if name != "opus" else opus_parameters(codec),
                _feedback(section, codec),
                red_for(section, codec) if name == "opus" else None,
            )
        )
    return found


def _rank(codec: Codec, name: str) -> int | None:
    """How well an offered codec serves as `name`: 0 best, None not at all."""
    if codec.name != name or codec.clock_rate != (48_000 if name == "opus" else 90_000):
        return None
    if name == "h264":
        if codec.parameters.get("packetization-mode", "0") != "1":
            return None
        # Constrained baseline is what every browser decodes; then any other profile, as offered first.
        profile = codec.parameters.get("profile-level-id", "42000a").lower()
        return {"42e0": 0, "4200": 1}.get(profile[:4], 2)
    if name == "vp9":
        return None if codec.parameters.get("profile-id", "0") != "0" else 0
    if name == "av1":
        return None if codec.parameters.get("profile", "0") != "0" else 0
    return 0


def _feedback(section: Section, codec: Codec) -> tuple[str, ...]:
    # Feedback for transport-wide numbers makes no sense without them in the packets.
    numbered = section.extension(ext.TRANSPORT_SEQUENCE_URI) is not None and not _comes_again(section, codec)
    return tuple(
        value for value in _FEEDBACK if value in codec.feedback and (value != "transport-cc" or numbered)
    )


def _comes_again(section: Section, codec: Codec | NegotiatedCodec) -> bool:
    """Whether this is sound of which lost packets are asked for: they come under their own number, as there is no RTX for it.

    Such a packet has to be the same bit for bit (RFC 3711 section 9.1), so nothing in it may tell when it was sent.
    """
    return section.kind == "audio" and "nack" in codec.feedback


def _extension_ids(
    section: Section, codecs: list[NegotiatedCodec], directions: frozenset[str]
) -> ExtensionIds:
    """The extensions we use that are offered in our direction, in the one-byte form (ids 1 to 14)."""

    def number(uri: str) -> int | None:
        extension = section.extension(uri, directions)
        return extension.id if extension is not None and extension.id <= 14 else None

    congestion = any("transport-cc" in codec.feedback for codec in codecs)
    stamped = not any(_comes_again(section, codec) for codec in codecs)
    return ExtensionIds(
        mid=number(ext.MID_URI) if section.mid else None,
        audio_level=number(ext.AUDIO_LEVEL_URI) if section.kind == "audio" else None,
        transport_sequence=number(ext.TRANSPORT_SEQUENCE_URI) if congestion and stamped else None,
        abs_send_time=number(ext.ABS_SEND_TIME_URI) if stamped else None,
        rid=number(ext.RID_URI) if section.kind == "video" else None,
        repaired_rid=number(ext.REPAIRED_RID_URI) if section.kind == "video" else None,
    )


def _layers(section: Section, codec: NegotiatedCodec, extensions: ExtensionIds) -> Layers | None:
    """The layers of a simulcast that the media plane can tell apart and switch between, else None."""
    if extensions.rid is None or codec.name not in _SIMULCAST_CODECS:
        return None
    return choose_layers(section, codec.payload_type)


def _sources(section: Section) -> tuple[int | None, int | None]:
    """The section's source and its RTX source, as far as `a=ssrc` tells."""
    if section.fid:
        return section.fid[0]
    return (section.ssrcs[0] if section.ssrcs else None), None


def _remote(offer: Offer, accepted: dict[int, AcceptedSection]) -> RemoteTransport:
    """The one transport: that of the first bundled section (RFC 9143 §7.1.3), else of the first accepted."""
    if offer.ice_lite:
        # Two lite agents check nothing (RFC 8445 §2.5): neither would know whether, or to whom, its packets go.
        raise SdpUnsupported(
            "an ICE-lite offer: the hub is ICE-lite itself, so the other side must be a full ICE agent"
        )
    by_mid = {section.mid: section for section in offer.sections}
    candidates = [*(by_mid[mid] for mid in offer.bundle[:1]), *(one.section for one in accepted.values())]
    section = next((one for one in candidates if one.ice_ufrag is not None), candidates[-1])
    if section.ice_ufrag is None or section.ice_pwd is None:
        raise SdpUnsupported("no ICE credentials")
    check_ice(section.ice_ufrag, section.ice_pwd)
    fingerprints = tuple(one for one in section.fingerprints if one.algorithm in _FINGERPRINT_ALGORITHMS)
    if not fingerprints:
        raise SdpUnsupported("no fingerprint of a hash we know")
    setup = section.setup or "actpass"
    if setup == "holdconn":
        raise SdpUnsupported(
            "setup:holdconn asks for no connection (RFC 4145 §4): offer actpass, active or passive"
        )
    _check_shared_ids(accepted)
    return RemoteTransport(section.ice_ufrag, section.ice_pwd, fingerprints, setup)


def _check_shared_ids(accepted: dict[int, AcceptedSection]) -> None:
    """In one bundle an extension id and a payload type mean the same everywhere (RFC 9143 §9.1, §9.2)."""
    uris: dict[int, str] = {}
    types: dict[int, tuple[str, str]] = {}
    for one in accepted.values():
        for extension in one.section.extensions:
            if uris.setdefault(extension.id, extension.uri) != extension.uri:
                raise SdpUnsupported("an extension id with two meanings in one bundle")
        for codec in one.codecs:
            named = (one.section.kind, codec.name)
            for payload_type, meaning in (
                (codec.payload_type, named),
                (codec.rtx, (codec.name, "rtx")),
                (codec.red, (codec.name, "red")),
            ):
                if payload_type is not None and types.setdefault(payload_type, meaning) != meaning:
                    raise SdpUnsupported("a payload type with two meanings in one bundle")


def _tagged(offer: Offer, accepted: dict[int, AcceptedSection]) -> Tagged:
    first = next(iter(accepted.values()))
    section = first.section
    return Tagged(
        section.kind,
        section.protocol,
        first.codecs[0].payload_type,
        section.mid,
        bundled(offer, accepted),
    )
