"""A relay's sealing fits the node's, and refuses what it must."""

from __future__ import annotations

import secrets

import pytest

from hub.media.transport.srtp import Profile, SealBuffer, SrtpSession
from hub.wire import rtcp
from hub.wire.relay_crypto import KEY_BYTES, RelayCrypto, RelayCryptoError
from hub.wire.rtcp_build import serialise
from hub.wire.rtp import build_packet


def _ends() -> tuple[RelayCrypto, RelayCrypto]:
    one, other = secrets.token_bytes(KEY_BYTES), secrets.token_bytes(KEY_BYTES)
    return RelayCrypto(one, other), RelayCrypto(other, one)


def test_what_one_end_seals_the_other_opens_once() -> None:
    near, far = _ends()
    packet = build_packet(96, 1, 2, 3, b"payload")
    sealed = near.seal_rtp(packet)
    assert sealed != packet
    assert far.open_rtp(sealed) == packet
    with pytest.raises(RelayCryptoError, match="replay"):
        far.open_rtp(sealed)
    report = serialise([rtcp.Pli(1, 2)])
    assert near.open_rtcp(far.seal_rtcp(report)) == report


def test_the_nodes_sessions_and_ours_understand_each_other() -> None:
    send, receive = secrets.token_bytes(KEY_BYTES), secrets.token_bytes(KEY_BYTES)
    recorder = RelayCrypto(receive, send)
    node_out = SrtpSession(Profile.AEAD_AES_128_GCM, send, inbound=False)
    node_in = SrtpSession(Profile.AEAD_AES_128_GCM, receive, inbound=True)
    buffer = SealBuffer(2048)
    packet = build_packet(96, 65535, 2, 3, b"payload")
    buffer.view[: len(packet)] = packet
    sealed = node_out.protect_rtp(buffer, 0, len(packet))
    assert recorder.open_rtp(bytes(buffer.view[:sealed])) == packet
    wish = recorder.seal_rtcp(serialise([rtcp.Nack(9, 3, (65535,))]))
    buffer.view[: len(wish)] = wish
    opened = node_in.unprotect_rtcp(buffer, len(wish))
    assert bytes(buffer.view[:opened]) == serialise([rtcp.Nack(9, 3, (65535,))])


def test_forged_cut_and_foreign_packets_are_refused() -> None:
    near, far = _ends()
    stranger, _ = _ends()
    sealed = near.seal_rtp(build_packet(96, 1, 2, 3, b"payload"))
    forged = bytes([*sealed[:-1], sealed[-1] ^ 1])
    for wrong in (forged, sealed[:-1], sealed[:12], b"", b"\x80", bytes(1501), stranger.seal_rtp(sealed)):
        with pytest.raises(RelayCryptoError):
            far.open_rtp(wrong)
        with pytest.raises(RelayCryptoError):
            far.open_rtcp(wrong)
    # None of this has spoilt the stream.
    far.open_rtp(sealed)


def test_a_retransmission_much_later_is_still_taken() -> None:
    near, far = _ends()
    sealed = [near.seal_rtp(build_packet(96, number, 0, 3, b"x")) for number in range(1000)]
    for packet in sealed[:1] + sealed[2:]:
        far.open_rtp(packet)
    far.open_rtp(sealed[1])


def test_a_key_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="28 bytes"):
        RelayCrypto(b"short", bytes(KEY_BYTES))
