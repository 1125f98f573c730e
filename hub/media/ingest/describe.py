"""Reads out of a codec's payload what forwarding needs: where key frames begin and how pictures are numbered."""

from __future__ import annotations

from typing import Final

from hub.media.ingest.layer import Describe
from hub.media.row.packet_cache import Packet
from hub.wire import codecs, vp8, vp9


def _vp8(packet: Packet) -> None:
    descriptor = vp8.parse_descriptor(packet.payload)
    packet.key_frame = descriptor.key_frame
    packet.picture_id = descriptor.picture_id
    packet.picture_at = descriptor.picture_at
    packet.picture_bits = descriptor.picture_bits
    packet.tl0 = descriptor.tl0
    packet.tl0_at = descriptor.tl0_at
    if descriptor.temporal_id > 0:
        packet.temporal = descriptor.temporal_id
        packet.switch_up = descriptor.layer_sync
    if descriptor.key_frame:
        packet.size = vp8.frame_size(packet.payload)


def _vp9(packet: Packet) -> None:
    descriptor = vp9.parse_descriptor(packet.payload)
    packet.key_frame = descriptor.key_frame
    packet.picture_id = descriptor.picture_id
    packet.picture_at = descriptor.picture_at
    packet.picture_bits = descriptor.picture_bits
    packet.tl0 = descriptor.tl0
    packet.tl0_at = descriptor.tl0_at
    if descriptor.temporal_id > 0:
        packet.temporal = descriptor.temporal_id
        packet.switch_up = descriptor.switching_point
    if descriptor.key_frame:
        packet.size = vp9.frame_size(packet.payload)


def _h264(packet: Packet) -> None:
    """Nothing: where a viewer can begin takes more than one packet to tell (PictureHeads)."""


def _av1(packet: Packet) -> None:
    packet.key_frame = codecs.is_keyframe_start("av1", packet.payload)


def _opus(packet: Packet) -> None:
    """Nothing to read: a listener can begin anywhere."""


#: By codec name in lower case. Each raises ValueError for a payload that cannot be of that codec.
DESCRIBE: Final[dict[str, Describe]] = {
    "vp8": _vp8,
    "vp9": _vp9,
    "h264": _h264,
    "av1": _av1,
    "opus": _opus,
}
