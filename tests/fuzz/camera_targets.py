"""Fuzzing targets of cameras: what they say, how they sign us in, and what they send."""

from __future__ import annotations

from typing import Final

from hub.gateway.clock import Stamps
from hub.gateway.fit import MOST_BYTES, Fit
from hub.gateway.rtsp_session import Failed, Session
from hub.wire import aac, h265
from hub.wire.digest import Authorizer, DigestError, parse_challenges
from hub.wire.h264 import described_sets
from hub.wire.rtsp import Interleaved, Reader, Response, RtspError
from hub.wire.sdp_rtsp import MAX_TRACKS, DescriptionError, base_url, parse_description
from tests.fuzz.target import Run, Target
from tests.support.camera_golden import ANSWERS, BASE, DESCRIPTIONS

_WORDS: Final = tuple(
    word.encode()
    for word in (
        "RTSP/1.0 200 OK\r\n",
        "RTSP/1.0 401 \r\n",
        "\r\nCSeq: 1",
        "\r\nContent-Length: ",
        "\r\nContent-Base: rtsp://",
        "\r\nSession: a;timeout=",
        "\r\nTransport: RTP/AVP/TCP;interleaved=0-1",
        "\r\nWWW-Authenticate: Digest realm=",
        ', nonce="n"',
        ", qop=auth",
        ", algorithm=SHA-256",
        "\r\n\r\n",
        "REDIRECT * RTSP/1.0\r\n",
        "\r\nLocation: rtsp://",
        "\r\nm=video 0 RTP/AVP 96",
        "\r\na=rtpmap:96 H264/90000",
        "\r\na=control:",
        "\r\na=fmtp:96 sprop-parameter-sets=",
        "\r\na=framerate:",
        "$\0\0\4",
    )
)


def _conversation() -> Run:
    """Bytes of a camera, given to a fresh conversation; each input may answer several requests."""

    def run(data: bytes) -> None:
        session = Session(
            BASE, "u", "p", "tcp", lambda description: list(description.tracks[:2]), cnonce=lambda: "c"
        )
        session.begin(0.0)
        reader = Reader()
        try:
            for message in reader.feed(data):
                if not isinstance(message, Interleaved):
                    session.receive(message, 1.0)
        finally:
            session.tick(2.0)
            session.end(3.0)
        assert session.ended
        assert sum(isinstance(event, Failed) for event in session.events) <= 1
        for sent in session.out:
            (again,) = Reader().feed(sent)
            assert not isinstance(again, Response) or again.status in (200, 501)

    return run


def _description() -> Run:
    def run(data: bytes) -> None:
        text = data.decode("utf-8", "replace")
        first, _, rest = text.partition("\n")
        description = parse_description(rest, base_url(BASE, first))
        assert 1 <= len(description.tracks) <= MAX_TRACKS
        for track in description.tracks:
            assert track.clock_rate > 0
            described_sets(track.fmtp)
            h265.described_sets(track.fmtp)

    return run


def _digest() -> Run:
    def run(data: bytes) -> None:
        challenges = parse_challenges(data.decode("utf-8", "replace").split("\n"))
        for challenge in challenges:
            header = Authorizer(challenge, "user", "pass", lambda: "c").header("DESCRIBE", BASE)
            assert header.startswith(("Digest ", "Basic "))

    return run


def _fitting() -> Run:
    """A stream cut by length bytes: stamp, mark and payload of each packet come from the input."""

    def run(data: bytes) -> None:
        fit = Fit(Stamps())
        last = -1
        at = number = 0
        while at + 3 <= len(data):
            length, flags, step = data[at] * 4, data[at + 1], data[at + 2]
            payload = data[at + 3 : at + 3 + length]
            at += 3 + length
            number += 1 + (flags & 0x70 == 0x70)
            for each in fit.payload(payload, number & 0xFFFF, step * 3600, flags & 1 != 0, number / 25):
                assert 0 < len(each.payload) <= MOST_BYTES
                assert each.sequence > last
                last = each.sequence
            if flags & 0x0E == 0x0E:
                fit.anew()

    return run


def _h265() -> Run:
    def run(data: bytes) -> None:
        h265.is_keyframe_start(data)
        assert all(unit.offset + unit.length <= len(data) for unit in h265.units(data))

    return run


def _aac() -> Run:
    def run(data: bytes) -> None:
        fmtp, _, payload = data.partition(b"\n")
        framing = aac.framing(fmtp.decode("latin-1"))
        assert sum(map(len, aac.units(payload, framing))) <= len(payload)

    return run


def _answers() -> list[bytes]:
    plain = b"RTSP/1.0 200 OK\r\nCSeq: %d\r\nContent-Length: %d\r\n\r\n%s"
    sdp = DESCRIPTIONS["plain"].text.encode()
    whole = b"".join(plain % (number, len(body), body) for number, body in enumerate((b"", sdp, b"", b""), 1))
    return [whole, *(told.data[:1400] for told in ANSWERS.values())]


def _descriptions() -> list[bytes]:
    return [b"rtsp://10.0.0.7/x/\n" + told.text.encode() for told in DESCRIPTIONS.values()]


def _challenges() -> list[bytes]:
    return [
        b'Digest realm="IP Camera (C 1)", nonce="abc", qop="auth,auth-int", algorithm=SHA-256, stale=FALSE',
        b'Basic realm="a", Digest realm=b c, nonce=d\nDigest nonce="x", opaque="\\""',
    ]


def _streams() -> list[bytes]:
    sps, pps = b"\x67\x42\xc0\x1f\xda\x01\x40\x16\xe8", b"\x68\xce\x3c\x80"
    packets = [
        sps,
        pps,
        b"\x65\xb8" + bytes(30),
        b"\x7c\x85\xb8" + bytes(30),
        b"\x7c\x45" + bytes(9),
        b"\x61\xe0" + bytes(9),
    ]
    cut = b"".join(
        bytes((-(-len(packet) // 4), 1, number)) + packet.ljust(-(-len(packet) // 4) * 4, b"\0")
        for number, packet in enumerate(packets)
    )
    together = b"\x78" + b"".join(len(unit).to_bytes(2, "big") + unit for unit in (sps, pps))
    return [cut, bytes((5, 0, 0)) + together + cut]


CAMERA_TARGETS = [
    Target("camera-rtsp", _conversation, _answers, (RtspError,), _WORDS, longest=8192),
    Target("camera-sdp", _description, _descriptions, (DescriptionError,), _WORDS, longest=8192),
    Target("camera-digest", _digest, _challenges, (DigestError,), _WORDS, longest=2048),
    Target("camera-fit", _fitting, _streams, longest=4096),
    Target(
        "camera-h265", _h265, lambda: [b"\x42\x01" + bytes(9), b"\x62\x01\x93" + bytes(9)], (h265.H265Error,)
    ),
    Target(
        "camera-aac",
        _aac,
        lambda: [
            b"sizelength=13;indexlength=3;config=1408\n\0\x10\0\x28abcde",
            b"config=1190\n\0\x20" + bytes(9),
        ],
        (aac.AacError,),
    ),
]
