"""Which address is sent to, which is bound, and which clients are told of."""

from __future__ import annotations

import logging
import socket

import pytest

from hub.cli.serve import _own_address
from hub.families import FAMILIES, bind_address, can_bind, reachable
from hub.media.node.process import Node
from hub.media.transport.socket import UdpPort
from tests.support.media_node import node_config
from tests.support.second_machine import machine_without_ipv4

BOTH = frozenset(FAMILIES)
ONLY_6 = frozenset({socket.AF_INET6})
ONLY_4 = frozenset({socket.AF_INET})


@pytest.mark.parametrize(
    ("hosts", "families", "address"),
    [
        (["127.0.0.1", "::1"], ONLY_6, "::1"),
        (["::1", "127.0.0.1"], ONLY_4, "127.0.0.1"),
        (["::1", "127.0.0.1"], BOTH, "127.0.0.1"),
        (["[::1]"], BOTH, "::1"),
        (["127.0.0.1"], ONLY_6, None),
        (["no.such.host.invalid", "::1"], BOTH, "::1"),
    ],
)
def test_an_address_is_chosen_in_a_family_that_both_have(
    hosts: list[str], families: frozenset[socket.AddressFamily], address: str | None
) -> None:
    assert reachable(hosts, families) == address


@pytest.mark.parametrize(
    ("hosts", "bound"),
    [
        (["127.0.0.1"], "127.0.0.1"),
        (["::1"], "::1"),
        (["127.0.0.1", "::1"], "::"),
        (["192.0.2.7"], "0.0.0.0"),
        (["2001:db8::7"], "::"),
    ],
)
def test_a_port_is_bound_where_all_hosts_are_reached(hosts: list[str], bound: str) -> None:
    assert bind_address(hosts) == bound


@pytest.mark.parametrize(
    ("bind", "families"), [("0.0.0.0", ONLY_4), ("::", BOTH), ("::1", ONLY_6), ("127.0.0.1", ONLY_4)]
)
def test_a_port_speaks_the_families_it_says(bind: str, families: frozenset[socket.AddressFamily]) -> None:
    port = UdpPort(bind, 0)
    assert port.families == families
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        with socket.socket(family, socket.SOCK_DGRAM) as sender:
            sender.connect((address, port.port))
            heard = True
            try:
                sender.send(b"?")
                sender.send(b"?")  # a port that nobody has shows at the second
            except ConnectionRefusedError:
                heard = False
            assert heard == (family in families), address
    port.close()


async def test_clients_are_told_only_of_addresses_in_a_family_that_the_port_speaks(
    caplog: pytest.LogCaptureFixture,
) -> None:
    from dataclasses import replace

    config = replace(node_config("http://127.0.0.1:1/link"), media_host=("127.0.0.1", "::1"))
    with caplog.at_level(logging.WARNING):
        node = Node(config)
    assert node.hosts == ["127.0.0.1"]
    assert "::1" in caplog.text
    node.port.close()
    with pytest.raises(OSError, match="reached at none"):
        Node(replace(config, media_host=("::1",)))
    both = Node(replace(config, media_bind="::"))
    assert both.hosts == ["127.0.0.1", "::1"]
    both.port.close()


def test_a_demo_finds_an_address_of_its_machine_in_the_family_there_is() -> None:
    assert can_bind(_own_address())
    with machine_without_ipv4():
        assert can_bind(_own_address())
