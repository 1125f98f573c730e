"""What an answered offer came to, as values for the media plane."""

from __future__ import annotations

from dataclasses import dataclass

from hub.wire.sdp import RemoteTransport


@dataclass(frozen=True, slots=True)
class NegotiatedCodec:
    """A codec both sides will use: payload types are those of the offer; `rtx` is None without RTX.

    `feedback` holds the answered `a=rtcp-fb` values (``nack``, ``nack pli``, ``ccm fir``,
    ``transport-cc``, ``goog-remb``). `red` is, for opus, the payload type of audio/red (RFC 2198) that
    may carry it, None without.
    """

    name: str
    payload_type: int
    rtx: int | None
    clock_rate: int
    channels: int
    fmtp: str
    feedback: tuple[str, ...]
    red: int | None = None


@dataclass(frozen=True, slots=True)
class ExtensionIds:
    """Ids of the answered RTP header extensions; None where not negotiated."""

    mid: int | None = None
    audio_level: int | None = None
    transport_sequence: int | None = None
    abs_send_time: int | None = None
    rid: int | None = None
    repaired_rid: int | None = None


@dataclass(frozen=True, slots=True)
class PublishTrack:
    """One sending section of a publisher. `ssrc` and `rtx_ssrc` are None where the offer names none:
    then the source is learnt from the MID extension or the payload type.

    `rids` are the layers of a simulcast that was accepted (RFC 8853), lowest first as far as the offer
    tells, 1 to 3; empty without simulcast. With rids no source is named (both None): it is learnt from the
    extensions `rid` and, where `codec.rtx` is there, `repaired_rid`, both of which are then negotiated.
    """

    mid: str
    kind: str
    codec: NegotiatedCodec
    extensions: ExtensionIds
    ssrc: int | None
    rtx_ssrc: int | None
    rids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tagged:
    """The section whose transport is everybody's (RFC 9143 §7.1.3): `kind` and `protocol` as in its `m=` line, one payload
    type of it, its `mid` ("" without), and the mids of the answer's BUNDLE group, empty where none was offered."""

    kind: str
    protocol: str
    payload_type: int
    mid: str
    bundle: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PublishPlan:
    """What a publish offer came to. `answer` is the SDP for the other side; `tagged` stands for all of its transport."""

    answer: str
    remote: RemoteTransport
    tracks: tuple[PublishTrack, ...]
    tagged: Tagged


@dataclass(frozen=True, slots=True)
class WatchSlot:
    """One receiving section of a viewer: fixed sources, one payload type for each codec (by name)."""

    mid: str
    kind: str
    codecs: dict[str, NegotiatedCodec]
    extensions: ExtensionIds
    ssrc: int
    rtx_ssrc: int | None
    cname: str


@dataclass(frozen=True, slots=True)
class WatchPlan:
    """What a watch offer came to. `slots` stand in the order of the sections; else as PublishPlan."""

    answer: str
    remote: RemoteTransport
    slots: tuple[WatchSlot, ...]
    tagged: Tagged

    def of_kind(self, kind: str) -> tuple[WatchSlot, ...]:
        """The `audio` or `video` slots, in the order of their sections."""
        return tuple(slot for slot in self.slots if slot.kind == kind)
