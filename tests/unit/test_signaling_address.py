"""Where requests come from: what fronts of ours say is believed, what anybody else writes is not."""

from __future__ import annotations

import logging
from ipaddress import ip_network

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from signaling.address import Addresses, counted_as

TRUSTED = [ip_network("10.0.0.0/8"), ip_network("fd00::/8"), ip_network("127.0.0.1")]


def asked(remote: str, *forwarded: str) -> web.Request:
    headers = [("X-Forwarded-For", value) for value in forwarded]
    request = make_mocked_request("GET", "/", headers=headers)
    return request.clone(remote=remote)


@pytest.mark.parametrize(
    ("remote", "forwarded", "client"),
    [
        ("203.0.113.9", [], "203.0.113.9"),
        ("203.0.113.9", ["1.1.1.1"], "203.0.113.9"),
        ("10.1.2.3", [], "10.1.2.3"),
        ("10.1.2.3", ["203.0.113.9"], "203.0.113.9"),
        ("10.1.2.3", ["1.1.1.1, 203.0.113.9"], "203.0.113.9"),
        ("10.1.2.3", ["1.1.1.1", "203.0.113.9, 10.9.9.9"], "203.0.113.9"),
        ("10.1.2.3", ["10.5.5.5, 10.9.9.9"], "10.5.5.5"),
        ("10.1.2.3", ["203.0.113.9:5123"], "203.0.113.9"),
        ("10.1.2.3", ["[2001:db8::1]:443"], "2001:db8::1"),
        ("10.1.2.3", ["::ffff:203.0.113.9"], "203.0.113.9"),
        ("::ffff:10.1.2.3", ["203.0.113.9"], "203.0.113.9"),
        ("fd00::1", ["2001:db8::1"], "2001:db8::1"),
        ("10.1.2.3", ["203.0.113.9, <script>"], "10.1.2.3"),
        ("10.1.2.3", ["unknown, 10.9.9.9"], "10.9.9.9"),
        ("10.1.2.3", [", ,"], "10.1.2.3"),
        ("10.1.2.3", [",".join(["203.0.113.9"] + ["10.9.9.9"] * 100)], "10.9.9.9"),
    ],
)
def test_the_client_is_the_last_address_that_somebody_trusted_has_seen(
    remote: str, forwarded: list[str], client: str
) -> None:
    assert Addresses(TRUSTED).client(asked(remote, *forwarded)) == client


def test_a_front_that_nobody_named_is_warned_of_once_and_no_persons_address_is_written_down(
    caplog: pytest.LogCaptureFixture,
) -> None:
    subject = Addresses(TRUSTED)
    subject.client(asked("10.1.2.3", "203.0.113.9"))
    subject.client(asked("8.8.8.8"))
    assert not caplog.records
    caplog.set_level(logging.WARNING)
    for _ in range(3):
        subject.client(asked("8.8.8.8", "203.0.113.9"))
    assert len(caplog.records) == 1
    assert "HUB_TRUSTED_PROXIES" in caplog.text
    assert "8.8.8.8" not in caplog.text
    assert "203.0.113.9" not in caplog.text
    Addresses([]).client(asked("172.20.0.5", "203.0.113.9"))
    assert "172.20.0.5" in caplog.text, "a front inside is named, so that it can be set"


def test_a_household_of_ipv6_counts_as_one() -> None:
    assert counted_as("2001:db8::1") == counted_as("2001:db8:0:0:ffff::2") != counted_as("2001:db8:0:1::1")
    assert counted_as("1.2.3.4") != counted_as("1.2.3.5")
    assert counted_as("unknown") == "unknown"
