"""STUN: the vectors of RFC 5769, our own messages read back, and everything else refused."""

from __future__ import annotations

import struct
import zlib
from typing import Any

import aioice.stun
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hub.wire import stun
from hub.wire.stun import StunError
from tests.support.packets import golden, packet_name

ID = bytes(range(12))
PASSWORD = b"a-password-of-22-chars"


def message(kind: int, *attributes: tuple[int, bytes], cookie: int = stun.MAGIC_COOKIE) -> bytes:
    body = b"".join(struct.pack(">HH", a, len(v)) + v + bytes(-len(v) % 4) for a, v in attributes)
    return struct.pack(">HHI12s", kind, len(body), cookie, ID) + body


def request(**more: Any) -> bytes:
    return stun.binding_request(ID, "hub:peer", PASSWORD, priority=1, **more)


@pytest.mark.parametrize("packet", golden("stun"), ids=packet_name)
def test_vectors_of_rfc_5769_have_their_fields_and_integrity(packet: dict[str, Any]) -> None:
    parsed = stun.parse(packet["data"])
    for name, value in packet["fields"].items():
        expected = tuple(value) if isinstance(value, list) else value
        assert getattr(parsed, name) == expected
    assert parsed.has_fingerprint
    assert parsed.verify(packet["password"].encode())
    assert not parsed.verify(b"another password")


def test_a_request_carries_what_was_put_in() -> None:
    parsed = stun.parse(request(controlling=2**64 - 1, use_candidate=True))
    assert parsed.message_class == stun.REQUEST
    assert (parsed.username, parsed.priority) == ("hub:peer", 1)
    assert (parsed.controlling, parsed.controlled, parsed.use_candidate) == (2**64 - 1, None, True)
    assert parsed.verify(PASSWORD)
    assert "password" not in repr(parsed)


def test_another_implementation_reads_our_messages() -> None:
    theirs = aioice.stun.parse_message(request(controlled=5))
    assert theirs.check_message_integrity(PASSWORD)
    assert theirs.attributes["USERNAME"] == "hub:peer"
    assert theirs.attributes["ICE-CONTROLLED"] == 5
    answer = stun.binding_success(ID, ("192.0.2.7", 4711), PASSWORD)
    theirs = aioice.stun.parse_message(answer)
    assert theirs.check_message_integrity(PASSWORD)
    assert theirs.attributes["XOR-MAPPED-ADDRESS"] == ("192.0.2.7", 4711)
    refusal = stun.binding_error(ID, 487, "Role Conflict", PASSWORD)
    theirs = aioice.stun.parse_message(refusal)
    assert theirs.check_message_integrity(PASSWORD)
    assert theirs.attributes["ERROR-CODE"] == (487, "Role Conflict")


@pytest.mark.parametrize(
    ("address", "seen"),
    [
        (("192.0.2.7", 1), ("192.0.2.7", 1)),
        (("fe80::1%eth0", 65535), ("fe80::1", 65535)),
        (("::ffff:192.0.2.7", 9), ("192.0.2.7", 9)),
    ],
)
def test_an_answer_says_where_the_request_came_from(address: tuple[str, int], seen: tuple[str, int]) -> None:
    parsed = stun.parse(stun.binding_success(ID, address, PASSWORD))
    assert parsed.message_class == stun.SUCCESS
    assert parsed.mapped == seen
    assert parsed.verify(PASSWORD)


def test_an_error_names_its_code_and_may_go_without_integrity() -> None:
    parsed = stun.parse(stun.binding_error(ID, 420, "Unknown Attribute", unknown=(0x7FFF, 0x7FFE)))
    assert parsed.error == (420, "Unknown Attribute")
    assert not parsed.has_integrity
    assert not parsed.verify(b"")


def test_an_indication_is_only_itself() -> None:
    assert stun.parse(stun.binding_indication(ID)).message_class == stun.INDICATION


def test_attributes_that_must_be_understood_are_listed() -> None:
    parsed = stun.parse(message(stun.REQUEST, (0x7001, b"x"), (0xC057, b"1234"), (0x0003, b"")))
    assert parsed.unknown == (0x7001, 0x0003)


def test_a_changed_bit_breaks_integrity_or_the_message() -> None:
    good = request(controlling=1)
    assert stun.parse(good).verify(PASSWORD)
    for at in range(len(good) - 8):  # the fingerprint guards itself
        bad = bytearray(good)
        bad[at] ^= 1
        with pytest.raises(StunError):
            stun.parse(bytes(bad))
        # Even a forged fingerprint does not help: cut it off, so that integrity is what must fail.
        bare = bytearray(bad[:-8])
        bare[2:4] = (len(bare) - 20).to_bytes(2, "big")
        if at in (2, 3):
            continue
        try:
            assert not stun.parse(bytes(bare)).verify(PASSWORD)
        except StunError:
            pass


def test_what_follows_integrity_is_not_believed() -> None:
    signed = request()[:-8]
    late = struct.pack(">HH", stun.USE_CANDIDATE, 0)
    forged = signed + late
    forged = forged[:2] + (len(forged) - 20).to_bytes(2, "big") + forged[4:]
    parsed = stun.parse(forged)
    assert parsed.verify(PASSWORD)
    assert not parsed.use_candidate


@pytest.mark.parametrize(
    "data",
    [
        b"",
        request()[:19],
        message(0x0002),
        message(0x0003),
        message(stun.REQUEST, cookie=1),
        message(stun.REQUEST) + b"\0\0\0\0",
        message(stun.REQUEST, (stun.PRIORITY, bytes(3))),
        message(stun.REQUEST, (stun.PRIORITY, bytes(4)), (stun.PRIORITY, bytes(4))),
        message(stun.REQUEST, (stun.USE_CANDIDATE, b"1")),
        message(stun.REQUEST, (stun.ICE_CONTROLLING, bytes(4))),
        message(stun.REQUEST, (stun.USERNAME, b"\xff")),
        message(stun.REQUEST, (stun.USERNAME, bytes(514))),
        message(stun.REQUEST, (stun.MESSAGE_INTEGRITY, bytes(19))),
        message(stun.REQUEST, (stun.FINGERPRINT, bytes(4))),
        message(stun.SUCCESS, (stun.XOR_MAPPED_ADDRESS, b"\0\1" + bytes(18))),
        message(stun.SUCCESS, (stun.XOR_MAPPED_ADDRESS, bytes(5))),
        message(stun.ERROR, (stun.ERROR_CODE, b"\0\0\7\1")),
        message(stun.REQUEST, *[(0x9000, b"")] * 33),
        request() + bytes(1500),
    ],
)
def test_anything_not_strictly_well_formed_is_refused(data: bytes) -> None:
    with pytest.raises(StunError):
        stun.parse(data)


def test_nothing_may_follow_the_fingerprint() -> None:
    good = stun.binding_indication(ID)
    body = good[20:] + struct.pack(">HH", 0x9000, 0)
    head = good[:2] + len(body).to_bytes(2, "big") + good[4:20]
    # Even with a fingerprint that is right for the longer message.
    crc = zlib.crc32(head[:2] + (8).to_bytes(2, "big") + head[4:]) ^ 0x5354554E
    with pytest.raises(StunError):
        stun.parse(head + body[:4] + crc.to_bytes(4, "big") + body[8:])


@given(st.binary(max_size=200))
@example(b"")
def test_arbitrary_bytes_raise_only_the_one_error(data: bytes) -> None:
    for candidate in (
        data,
        message(stun.REQUEST)[:2] + len(data).to_bytes(2, "big") + b"\x21\x12\xa4\x42" + ID + data,
    ):
        try:
            stun.parse(candidate)
        except StunError:
            pass


@given(st.data())
def test_damaged_messages_raise_only_the_one_error(data: st.DataObject) -> None:
    damaged = bytearray(golden("stun")[data.draw(st.integers(0, 2))]["data"])
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(20, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    bare = damaged[: data.draw(st.sampled_from([len(damaged), len(damaged) - 8]))]
    bare[2:4] = (len(bare) - 20).to_bytes(2, "big")
    try:
        assert stun.parse(bytes(bare)).transaction_id
    except StunError:
        pass
