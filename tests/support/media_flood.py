"""A flood of hostile datagrams from a process of its own: every shape and length, forged, wrong, replayed.

Run as ``python -m tests.support.media_flood PORT COUNT PER_SECOND`` with samples (hex, one a line: real datagrams of the
call, and ``ufrag:NAME``) on standard input. Sends from its own addresses and prints how many it sent.
"""

from __future__ import annotations

import os
import random
import socket
import sys
import time
from collections.abc import Iterable

from hub.wire import rtp, stun

#: Lengths that have to be tried of each shape.
LENGTHS = (*range(65), 1501)
BURST = 200


def shapes(ufrag: str, samples: Iterable[bytes], chance: random.Random) -> list[bytes]:
    """Some thousand datagrams of every kind."""
    made: list[bytes] = []
    heads = {
        "stun": b"\x00\x01\x00\x08\x21\x12\xa4\x42",
        "stun answer": b"\x01\x01\x00\x08\x21\x12\xa4\x42",
        "dtls handshake": b"\x16\xfe\xfd\x00\x00",
        "dtls alert": b"\x15\xfe\xfd\x00\x01\x00\x00\x00\x00\x00\x00\x00\x02\x02\x00",
        "dtls 1.3": b"\x2f\x00\x00",
        "application data": b"\x17\xfe\xfd\x00\x01",
        "rtp": b"\x80\x60",
        "rtp with extension": b"\x90\x60\x00\x01\x00\x00\x00\x00\x00\x00\x00\x07\xbe\xde\xff\xff",
        "rtp with sources": b"\xbf\xe0",
        "rtcp": b"\x80\xc9\x00\x01",
        "rtcp feedback": b"\x8f\xcd\xff\xff",
        "turn channel": b"\x40\x00\x00\x10",
        "nothing known": b"\xff\xff",
    }
    for head in heads.values():
        for length in LENGTHS:
            made.append((head + chance.randbytes(1501))[:length])
    for _ in range(800):
        made.append(chance.randbytes(chance.choice((*range(1, 65), 200, 500, 1200, 1400, 1501))))
    for _ in range(300):
        made.append(_forged_check(ufrag, chance))
        made.append(_forged_check("".join(chance.choices("abcdefgh", k=8)), chance))
        made.append(
            rtp.build_packet(
                96, chance.randrange(65_536), 1, chance.randrange(1 << 32), chance.randbytes(900)
            )
        )
    for sample in samples:
        made.append(sample)
        flipped = bytearray(sample)
        flipped[chance.randrange(len(flipped))] ^= 1 << chance.randrange(8)
        made.append(bytes(flipped))
        made.append(sample[: chance.randrange(len(sample))])
    chance.shuffle(made)
    return made


def _forged_check(ufrag: str, chance: random.Random) -> bytes:
    return stun.binding_request(
        chance.randbytes(12),
        f"{ufrag}:evil",
        b"p" * 24,
        priority=1,
        controlling=chance.getrandbits(64),
        use_candidate=True,
    )


def flood(port: int, count: int, per_second: int, datagrams: list[bytes]) -> int:
    """Send `count` datagrams, in bursts at this pace; returns how many left."""
    sockets = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(4)]
    start, sent = time.monotonic(), 0
    while sent < count:
        sender = sockets[(sent // BURST) % len(sockets)]
        for index in range(sent, min(sent + BURST, count)):
            sender.sendto(datagrams[index % len(datagrams)], ("127.0.0.1", port))
        sent = min(sent + BURST, count)
        ahead = start + sent / per_second - time.monotonic()
        if ahead > 0:
            time.sleep(ahead)
    for sender in sockets:
        sender.close()
    return sent


if __name__ == "__main__":
    lines = sys.stdin.read().split()
    known = next(line.removeprefix("ufrag:") for line in lines if line.startswith("ufrag:"))
    calls = [bytes.fromhex(line) for line in lines if not line.startswith("ufrag:")]
    rows = shapes(known, calls, random.Random(1))
    print(flood(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), rows), os.getpid())
