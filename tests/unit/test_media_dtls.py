"""The contract with aiortc's private DTLS API that hub/media/transport/dtls.py relies on; run it before a new pin."""

from __future__ import annotations

import asyncio
import itertools
import logging
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from hub.media.transport.dtls import DATAGRAMS_A_TURN, Certificate, DtlsEndpoint, Pipe, Turns
from hub.media.transport.srtp import Profile, SrtpKeys
from hub.wire.sdp import Fingerprint
from tests.support.waiting import eventually


class Side:
    """One side of a handshake: keeps what it is told, sends to the other side."""

    def __init__(self) -> None:
        self.other: DtlsEndpoint | None = None
        self.keys: SrtpKeys | None = None
        self.ended: str | None = None
        self.sent: list[bytes] = []

    def send_dtls(self, datagram: bytes) -> None:
        self.sent.append(datagram)
        if self.other is not None:
            self.other.feed(datagram)

    def dtls_connected(self, keys: SrtpKeys) -> None:
        self.keys = keys

    def dtls_ended(self, reason: str) -> None:
        self.ended = reason


def pair(server_expects: Fingerprint | None = None) -> tuple[Side, Side, DtlsEndpoint, DtlsEndpoint]:
    server, client = Side(), Side()
    server_certificate, client_certificate = Certificate(), Certificate()
    theirs = server_expects or client_certificate.fingerprint
    server_endpoint = server_certificate.endpoint([theirs], True, server)
    client_endpoint = client_certificate.endpoint([server_certificate.fingerprint], False, client)
    server.other, client.other = client_endpoint, server_endpoint
    return server, client, server_endpoint, client_endpoint


async def test_both_sides_derive_crossed_gcm_keys() -> None:
    server, client, server_endpoint, client_endpoint = pair()
    await eventually(lambda: server.keys and client.keys)
    assert server.keys is not None
    assert client.keys is not None
    assert server.keys.profile is Profile.AEAD_AES_128_GCM
    assert server.keys.send == client.keys.receive
    assert server.keys.receive == client.keys.send
    assert len(server.keys.send) == 28
    client_endpoint.close()
    server_endpoint.close()


async def test_a_goodbye_ends_the_other_side_at_once() -> None:
    server, client, server_endpoint, client_endpoint = pair()
    await eventually(lambda: server.keys and client.keys)
    client_endpoint.close()
    client_endpoint.close()
    await eventually(lambda: server.ended == "closed_by_peer")
    assert client.ended is None, "who closes is not told of it"
    server_endpoint.close()


async def test_a_wrong_certificate_fails_the_handshake() -> None:
    wrong = Fingerprint("sha-256", ":".join(["00"] * 32))
    server, _, server_endpoint, client_endpoint = pair(wrong)
    await eventually(lambda: server.ended == "dtls_failed")
    assert server.keys is None
    client_endpoint.close()
    server_endpoint.close()


async def test_what_openssl_has_against_a_certificate_is_said_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """FFmpeg built with GnuTLS makes keys of P-224, which OpenSSL 4 takes no more: whoever looks for the reason finds it."""
    key = ec.generate_private_key(ec.SECP224R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "lavf")])
    begins = datetime.now(UTC) - timedelta(days=1)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(begins).not_valid_after(begins + timedelta(days=2))
    old, ours, side, other = Certificate(), Certificate(), Side(), Side()
    old._certificate._key, old._certificate._cert = key, made.sign(key, hashes.SHA256())
    # As this process's OpenSSL would refuse to send it, the reason is the peer's own here; with FFmpeg it is "wrong curve".
    with caplog.at_level(logging.INFO):
        serving = old.endpoint([ours.fingerprint], True, side)
        asking = ours.endpoint([ours.fingerprint], False, other)
        side.other, other.other = asking, serving
        await eventually(lambda: side.ended, why="the handshake goes on")
    said = [record.getMessage() for record in caplog.records]
    assert "a DTLS handshake failed: no shared cipher" in said
    asking.close()
    serving.close()


async def test_rubbish_after_the_handshake_is_ignored() -> None:
    server, client, server_endpoint, client_endpoint = pair()
    await eventually(lambda: server.keys and client.keys)
    for first in (20, 21, 22, 23, 32, 63):
        server_endpoint.feed(bytes([first, 0xFE, 0xFD]) + bytes(40))
    await asyncio.sleep(0)
    client_endpoint.close()
    await eventually(lambda: server.ended == "closed_by_peer")
    server_endpoint.close()


async def test_closing_in_the_middle_of_a_handshake_leaves_nothing_running() -> None:
    side = Side()
    endpoint = Certificate().endpoint([Certificate().fingerprint], False, side)
    await eventually(lambda: side.sent)
    endpoint.close()
    await asyncio.sleep(0)
    assert side.ended is None
    assert not endpoint.feed(b"\x16" + bytes(30))


async def test_many_handshakes_at_once_leave_the_loop_turns_in_between() -> None:
    turns = Turns()
    pipes = [Pipe(True, lambda datagram: None) for _ in range(100)]
    for pipe in pipes:
        assert turns.put(pipe, b"hello")
    let_through = []
    for _ in range(100 // DATAGRAMS_A_TURN + 1):
        let_through.append(sum(not pipe.inbox.empty() for pipe in pipes))
        await asyncio.sleep(0)
    steps = [after - before for before, after in itertools.pairwise(let_through)]
    assert max(steps) <= DATAGRAMS_A_TURN
    assert let_through[-1] == 100


async def test_a_peer_that_floods_its_handshake_is_cut_off_alone() -> None:
    turns = Turns()
    greedy, modest = Pipe(True, lambda datagram: None), Pipe(True, lambda datagram: None)
    taken = sum(turns.put(greedy, b"again") for _ in range(1000))
    assert taken < 50
    assert turns.put(modest, b"hello")
    await eventually(lambda: not modest.inbox.empty(), timeout_s=1)


async def test_forty_handshakes_at_once_all_succeed() -> None:
    sides = []
    certificates = Certificate(), Certificate()
    for _ in range(40):
        server, client = Side(), Side()
        server_endpoint = certificates[0].endpoint([certificates[1].fingerprint], True, server)
        client_endpoint = certificates[1].endpoint([certificates[0].fingerprint], False, client)
        server.other, client.other = client_endpoint, server_endpoint
        sides.append((server, client))
    await eventually(lambda: all(server.keys and client.keys for server, client in sides), timeout_s=20)
    for server, client in sides:
        assert server.other is not None
        assert client.other is not None
        server.other.close()
        client.other.close()
