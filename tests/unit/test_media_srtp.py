"""Sealing on kept buffers: opens what pylibsrtp sealed and the other way round; refuses by name."""

from __future__ import annotations

import os

import pylibsrtp
import pytest

from hub.media.transport.srtp import MAX_RTP_BYTES, Profile, SealBuffer, SrtpKeys, SrtpSession, reason
from hub.wire import rtp


def theirs(profile: Profile, key: bytes, inbound: bool) -> pylibsrtp.Session:
    kind = pylibsrtp.Policy.SSRC_ANY_INBOUND if inbound else pylibsrtp.Policy.SSRC_ANY_OUTBOUND
    return pylibsrtp.Session(pylibsrtp.Policy(key=key, ssrc_type=kind, srtp_profile=profile.libsrtp_id))


def put(buffer: SealBuffer, data: bytes, at: int = 0) -> None:
    buffer.view[at : at + len(data)] = data


@pytest.mark.parametrize("profile", list(Profile))
def test_it_speaks_with_pylibsrtp_both_ways(profile: Profile) -> None:
    key = os.urandom(profile.key_bytes + profile.salt_bytes)
    buffer = SealBuffer(4096)
    packet = rtp.build_packet(96, 5, 6, 7, os.urandom(900))
    put(buffer, packet, 100)
    length = SrtpSession(profile, key, inbound=False).protect_rtp(buffer, 100, len(packet))
    assert length == len(packet) + profile.tag_bytes
    assert theirs(profile, key, True).unprotect(bytes(buffer.view[100 : 100 + length])) == packet
    sealed = theirs(profile, key, False).protect(packet)
    put(buffer, sealed)
    session = SrtpSession(profile, key, inbound=True)
    opened = session.unprotect_rtp(buffer, len(sealed))
    assert bytes(buffer.view[:opened]) == packet
    put(buffer, sealed)
    assert reason(session.unprotect_rtp(buffer, len(sealed))) == "srtp_replayed"


def test_a_changed_bit_is_refused() -> None:
    key = os.urandom(28)
    sealed = bytearray(
        theirs(Profile.AEAD_AES_128_GCM, key, False).protect(rtp.build_packet(96, 5, 6, 7, b"x" * 50))
    )
    sealed[20] ^= 1
    buffer = SealBuffer(2048)
    put(buffer, bytes(sealed))
    session = SrtpSession(Profile.AEAD_AES_128_GCM, key, inbound=True)
    assert reason(session.unprotect_rtp(buffer, len(sealed))) == "srtp_auth_failed"


def test_too_long_a_packet_is_refused_before_libsrtp() -> None:
    buffer = SealBuffer(4096)
    session = SrtpSession(Profile.AEAD_AES_128_GCM, os.urandom(28), inbound=False)
    assert reason(session.protect_rtp(buffer, 0, MAX_RTP_BYTES + 1)) == "rtp_too_long"


def test_every_short_or_random_datagram_is_refused_without_harm() -> None:
    buffer = SealBuffer(2048)
    session = SrtpSession(Profile.AEAD_AES_128_GCM, os.urandom(28), inbound=True)
    for length in (*range(12, 65), 1500):
        for first in (0x80, 0x90, 0xBF):
            put(buffer, bytes([first]) + os.urandom(length - 1))
            assert session.unprotect_rtp(buffer, length) < 0
            put(buffer, bytes([first]) + os.urandom(length - 1))
            assert session.unprotect_rtcp(buffer, length) < 0


def test_a_wrong_key_length_is_refused_and_keys_stay_out_of_texts() -> None:
    with pytest.raises(ValueError, match="length"):
        SrtpSession(Profile.AEAD_AES_128_GCM, bytes(27), inbound=True)
    keys = SrtpKeys(Profile.AEAD_AES_128_GCM, b"s" * 28, b"r" * 28)
    assert "sss" not in repr(keys)
    assert "rrr" not in repr(keys)
