"""Which way the headless station takes: straight first, then the relay's, the one that did again."""

from __future__ import annotations

from clients.station.way import WayIn

KEYS = 'rel="ice-server"; username="1:a_1"; credential="Zm9v"; credential-type="password"'
LINKS = [
    f"<turn:hub:3478?transport=udp>; {KEYS}",
    f"<turn:hub:3478?transport=tcp>; {KEYS}, <turns:hub:5349?transport=tcp>; {KEYS}",
]


def urls(way: WayIn) -> list[str]:
    return [str(server.urls) for server in way.servers]


def test_the_straight_way_comes_first_and_udp_to_the_relay_last() -> None:
    way = WayIn()
    assert (urls(way), way.has_other) == ([], False)
    way.take(LINKS)
    assert (urls(way), way.has_other) == ([], True)
    tried = []
    for _ in range(4):
        way.failed()
        tried.append(urls(way))
    assert tried == [
        ["turn:hub:3478?transport=tcp"],
        ["turns:hub:5349?transport=tcp"],
        ["turn:hub:3478?transport=udp"],
        [],
    ]


def test_the_way_that_did_is_taken_again_with_fresh_keys() -> None:
    way = WayIn()
    way.take(LINKS)
    way.failed()
    way.take([link.replace("Zm9v", "YmFy") for link in LINKS])
    (server,) = way.servers
    assert (server.urls, server.username, server.credential) == (
        "turn:hub:3478?transport=tcp",
        "1:a_1",
        "YmFy",
    )


def test_a_hub_without_a_relay_leaves_the_straight_way() -> None:
    way = WayIn()
    way.take(LINKS)
    way.failed()
    way.take(['</next>; rel="next"'])
    assert (urls(way), way.has_other) == ([], False)
    way.failed()
    assert urls(way) == []
