"""Recorded parts over HTTP: ranges, growing files, and no way out of the folder."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.inproc.test_edge_media import convene
from tests.support.edge import Edge, running_edge
from tests.support.recorded_part import RecordedPart
from tests.support.rules import OTHER_COUNTY, VILLAGE

OFFER = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\na=ice-ufrag:first\r\na=ice-pwd:0123456789012345678901\r\n"
SDP = {"Content-Type": "application/sdp"}
FRAGMENT = {"Content-Type": "application/trickle-ice-sdpfrag"}
NEW_CREDENTIALS = "a=ice-ufrag:second\r\na=ice-pwd:abcdefghijklmnopqrstuv\r\n"
CANDIDATE = "a=candidate:1 1 udp 1 127.0.0.1 9 typ host\r\n"


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[Edge]:
    async with running_edge(tmp_path) as made:
        yield made


async def test_a_part_is_read_while_it_grows_and_by_range_when_closed(
    edge: Edge, monkeypatch: pytest.MonkeyPatch
) -> None:
    leader, meeting = await convene(edge, VILLAGE)
    parts = RecordedPart(edge, meeting, monkeypatch)
    content = bytes(range(256)) * 4096
    parts.path.write_bytes(content[:1000])
    async with leader.http.get(parts.url) as answer:
        assert answer.status == 200
        assert answer.content_type == "video/webm"
        assert await answer.read() == content[:1000]
        assert "ETag" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"
    with parts.path.open("ab") as file:
        file.write(content[1000:])
    async with leader.http.get(parts.url, headers={"Range": "bytes=1000-"}) as answer:
        assert answer.status == 206
        assert await answer.read() == content[1000:]
        assert answer.headers["Content-Range"] == f"bytes 1000-{len(content) - 1}/{len(content)}"
    parts.close()
    async with leader.http.get(parts.url, headers={"Range": "bytes=-5"}) as answer:
        tag = answer.headers["ETag"]
        assert (answer.status, await answer.read()) == (206, content[-5:])
    async with leader.http.get(parts.url, headers={"Range": "bytes=0-1", "If-Range": tag}) as answer:
        assert (answer.status, await answer.read()) == (206, content[:2])
    async with leader.http.get(parts.url, headers={"Range": "bytes=0-1", "If-Range": '"old"'}) as answer:
        assert answer.status == 200
    async with leader.http.get(parts.url, headers={"If-None-Match": tag}) as answer:
        assert answer.status == 304
    async with leader.http.head(parts.url) as answer:
        assert (answer.status, answer.headers["Content-Length"]) == (200, str(len(content)))
        assert await answer.read() == b""


@pytest.mark.parametrize("header", ["bytes=5000-", "bytes=x-y", "bytes=0-1,2-3", "bytes=" + "9" * 7000 + "-"])
async def test_a_malformed_range_is_a_typed_refusal(
    edge: Edge, monkeypatch: pytest.MonkeyPatch, header: str
) -> None:
    leader, meeting = await convene(edge, VILLAGE)
    parts = RecordedPart(edge, meeting, monkeypatch)
    parts.path.write_bytes(b"x" * 1000)
    async with leader.http.get(parts.url, headers={"Range": header}) as answer:
        assert answer.status == 416
        assert answer.headers["Content-Range"] == "bytes */1000"
        assert (await answer.json())["error"]["code"] == "range_not_satisfiable"


async def test_no_file_name_leads_out_of_the_recordings(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    leader, meeting = await convene(edge, VILLAGE)
    outside = await edge.person("leader", OTHER_COUNTY)
    parts = RecordedPart(edge, meeting, monkeypatch)
    parts.path.write_bytes(b"x")
    (edge.folder / "secret").write_text("secret")
    answers = []
    for url in (parts.url, parts.url.replace(parts.part, "p_000000000000000000")):
        async with outside.http.get(url, headers={"Range": "bytes=0-"}) as answer:
            answers.append((answer.status, await answer.text(), sorted(answer.headers)))
    assert answers[0] == answers[1], "one that is hidden and one that is not there look the same"
    assert answers[0][0] == 404
    for name in ("../secret", str(edge.folder / "secret"), "missing.webm"):
        parts.row["file"] = name
        async with leader.http.get(parts.url) as answer:
            assert answer.status == 404, name
    async with leader.http.get(parts.url.replace(parts.part, "..%2f..%2fsecret")) as answer:
        assert answer.status == 404
    async with leader.http.get(parts.url.replace(parts.part, "p_000000000000000000")) as answer:
        assert answer.status == 404


async def test_a_range_in_a_unit_that_is_not_understood_is_ignored(
    edge: Edge, monkeypatch: pytest.MonkeyPatch
) -> None:
    leader, meeting = await convene(edge, VILLAGE)
    parts = RecordedPart(edge, meeting, monkeypatch)
    parts.path.write_bytes(b"x" * 1000)
    async with leader.http.get(parts.url, headers={"Range": "seconds=1-2"}) as answer:
        assert (answer.status, len(await answer.read())) == (200, 1000)
