"""The ring of received packets: stores once, forgets the oldest, never mixes up numbers."""

from __future__ import annotations

import pytest

from hub.media.row.packet_cache import Packet, PacketCache


def packet(seq: int) -> Packet:
    return Packet(seq, seq * 10, False, b"x")


def test_a_packet_is_found_until_the_ring_comes_round() -> None:
    cache = PacketCache(8)
    for seq in range(65_530, 65_550):
        assert cache.put(packet(seq))
    for seq in range(65_530, 65_542):
        assert cache.get(seq) is None
    for seq in range(65_542, 65_550):
        found = cache.get(seq)
        assert found is not None
        assert found.seq == seq


def test_the_same_number_is_stored_once() -> None:
    cache = PacketCache(8)
    assert cache.put(packet(3))
    assert not cache.put(packet(3))
    assert cache.stored == 1


def test_an_old_packet_never_displaces_a_newer_one() -> None:
    cache = PacketCache(8)
    cache.put(packet(17))
    assert not cache.put(packet(9))
    assert cache.get(17) is not None


def test_a_size_that_is_no_power_of_two_is_refused() -> None:
    with pytest.raises(ValueError, match="power of two"):
        PacketCache(100)


def test_after_clear_nothing_is_there() -> None:
    cache = PacketCache(8)
    cache.put(packet(1))
    cache.clear()
    assert cache.get(1) is None
    assert cache.put(packet(1))
