"""Sealing without libsrtp: byte for byte what libsrtp makes of the same packets, in any order, and the same refusals."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.media import native
from hub.media.native import ffi
from hub.media.transport import sealer
from hub.media.transport.outlet import Outlet
from hub.media.transport.sealer import ENCRYPTION_LABEL, SALT_LABEL, SealingSession, derive, outbound
from hub.media.transport.srtp import MAX_RTP_BYTES, WINDOW_PACKETS, Profile, SealBuffer, SrtpSession, reason
from hub.wire import rtp
from hub.wire.sdp_answer import MAX_AUDIO_SLOTS, MAX_VIDEO_SLOTS
from tests.support.native_library import needs_compiler, present_library, run_sanitized
from tests.unit.test_media_native import Wire

GCM = (Profile.AEAD_AES_128_GCM, Profile.AEAD_AES_256_GCM)


@pytest.fixture(scope="module", autouse=True)
def _library() -> Iterator[None]:
    with present_library():
        yield


def key_for(profile: Profile) -> bytes:
    return os.urandom(profile.key_bytes + profile.salt_bytes)


def lay(buffer: SealBuffer, packet: bytes | bytearray) -> int:
    buffer.view[: len(packet)] = packet
    return len(packet)


def test_the_derivation_is_that_of_rfc_3711_appendix_b3() -> None:
    key = bytes.fromhex("E1F97A0D3E018BE0D64FA32C06DE4139")
    salt = bytes.fromhex("0EC675AD498AFEEBB6960B3AABE6")
    assert derive(key, salt, ENCRYPTION_LABEL, 16) == bytes.fromhex("C61E7A93744F39EE10734AFE3FF7A087")
    assert derive(key, salt, SALT_LABEL, 14) == bytes.fromhex("30CBBC08863D8C85D49DB34A9AE1")


@needs_compiler
@pytest.mark.parametrize("profile", GCM)
def test_it_makes_what_libsrtp_makes_whatever_the_order(profile: Profile) -> None:
    chance = random.Random(7)
    steps = (1, 1, 1, 1, 1, 2, -3, 0, 100, -500, -511, -512, -520, 700, 20_000, 32_767, -32_767, 32_768)
    ours, theirs = SealBuffer(4096), SealBuffer(4096)
    refused = 0
    for _ in range(60):
        key = key_for(profile)
        ready, reference = outbound(profile, key), SrtpSession(profile, key, inbound=False)
        assert isinstance(ready, SealingSession)
        numbers = [chance.randrange(65_536) for _ in range(5)]
        for _ in range(200):
            source = chance.randrange(5)
            numbers[source] += chance.choice(steps)
            packet = bytearray(
                rtp.build_packet(
                    96, numbers[source] & 0xFFFF, 9, 7 + source, os.urandom(chance.randrange(900))
                )
            )
            if chance.random() < 0.5:  # an extension of one word, and two contributing sources
                packet[0] |= 0x12
                packet[12:12] = os.urandom(8) + b"\xbe\xde\0\1" + os.urandom(4)
            length = lay(ours, packet)
            lay(theirs, packet)
            sealed, expected = ready.protect_rtp(ours, 0, length), reference.protect_rtp(theirs, 0, length)
            assert sealed == expected
            if sealed > 0:
                assert ours.view[:sealed] == theirs.view[:sealed]
            refused += sealed < 0
    assert refused  # the numbers go far enough back for it


@needs_compiler
def test_its_limits_agree_with_those_of_python() -> None:
    library = native.native().library
    assert (library.HUB_WINDOW, library.HUB_RTP_BYTES) == (WINDOW_PACKETS, MAX_RTP_BYTES)
    assert library.HUB_TAG_BYTES == GCM[0].tag_bytes == GCM[1].tag_bytes
    assert library.HUB_STREAMS >= 2 * (MAX_VIDEO_SLOTS + MAX_AUDIO_SLOTS)
    assert reason(-library.HUB_SEAL_TOO_OLD) == "srtp_too_old"
    assert reason(-library.HUB_SEAL_CIPHER_FAILED) == "srtp_cipher_failed"


@needs_compiler
def test_what_is_no_packet_is_refused() -> None:
    buffer = SealBuffer(4096)
    session = outbound(Profile.AEAD_AES_128_GCM, key_for(Profile.AEAD_AES_128_GCM))
    too_long_header = bytes([0x9F]) + bytes(11)
    for packet in (b"", bytes(11), bytes([0x81]) + bytes(11), too_long_header + bytes(60) + b"\0\0\xff\xff"):
        assert reason(session.protect_rtp(buffer, 0, lay(buffer, packet))) == "srtp_malformed"


@needs_compiler
def test_more_sources_than_a_viewer_has_slots_are_refused() -> None:
    buffer = SealBuffer(4096)
    session = outbound(Profile.AEAD_AES_128_GCM, key_for(Profile.AEAD_AES_128_GCM))
    streams = len(ffi.new("struct hub_sealer *").streams)
    lengths = [
        session.protect_rtp(buffer, 0, lay(buffer, rtp.build_packet(96, 5, 6, ssrc, b"x")))
        for ssrc in range(streams + 1)
    ]
    assert lengths[:-1] == [29] * streams
    assert reason(lengths[-1]) == "srtp_no_context"


def test_other_profiles_and_hubs_without_it_seal_with_libsrtp(monkeypatch: pytest.MonkeyPatch) -> None:
    sha1 = Profile.AES_CM_128_HMAC_SHA1_80
    assert not isinstance(outbound(sha1, key_for(sha1)), SealingSession)
    monkeypatch.setattr(sealer, "_crypto", lambda: None)
    assert not isinstance(outbound(GCM[0], key_for(GCM[0])), SealingSession)


def test_a_way_out_tells_what_is_to_be_fetched_ahead_as_long_as_it_has_keys() -> None:
    outlet = Outlet(Wire(), SealBuffer(4096))
    outlet.session = outbound(Profile.AEAD_AES_128_GCM, key_for(Profile.AEAD_AES_128_GCM))
    told, used = outlet.way.context, ffi.cast("struct hub_sealer *", outlet.way.session).context
    assert (told == ffi.NULL, told) == (False, used)
    outlet.session = None
    assert outlet.way.context == ffi.NULL


def test_a_wrong_key_length_is_refused() -> None:
    with pytest.raises(ValueError, match="length"):
        outbound(Profile.AEAD_AES_128_GCM, bytes(27))


@needs_compiler
def test_what_has_ended_is_freed() -> None:
    key = key_for(GCM[0])

    def resident_kib() -> int:
        with open("/proc/self/statm") as statm:
            return int(statm.read().split()[1]) * 4

    for _ in range(300):
        outbound(GCM[0], key)
    before = resident_kib()
    for _ in range(5000):
        outbound(GCM[0], key)
    assert resident_kib() - before < 2000


@needs_compiler
def test_it_stays_within_its_bounds(tmp_path: Path) -> None:
    assert "sealed" in run_sanitized(tmp_path, "seal_check.c", "seal.c")
