"""Answers are small and not sent twice: precompressed pages, compressed reads, entity tags; nothing secret is compressed."""

from __future__ import annotations

import gzip
import json
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict

from hub.directory.centers_csv import yueyang_centers
from hub.directory.tree import CenterTree
from signaling.encodings import accepted, has_already
from tests.support.edge import PASSWORD, Edge, Person, running_edge
from tests.support.loop_lag import measured_lag
from tests.support.rules import CITY, COUNTY, VILLAGE


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[Edge]:
    async with running_edge(tmp_path) as made:
        yield made


async def asked(
    edge: Edge, path: str, coding: str = "", person: Person | None = None, **headers: str
) -> tuple[int, CIMultiDict[str], bytes]:
    """Status, headers and bytes as they came over the wire."""
    headers = {
        "Accept-Encoding": coding,
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    if person is not None:
        headers["Authorization"] = f"Bearer {person.token}"
    async with (
        aiohttp.ClientSession(edge.url, auto_decompress=False) as session,
        session.get(path, headers=headers) as answer,
    ):
        return answer.status, answer.headers.copy(), await answer.read()


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("BR", "br"),
        ("*", "br"),
        ("*;q=0.1, br;q=0", "gzip"),
        ("identity", None),
        ("", None),
        ("gzip;q=0.000", None),
        ("x" * 5000 + ", gzip", None),
        ("gzip;q=nonsense", None),
    ],
)
def test_the_coding_is_one_that_the_client_takes(header: str, coding: str | None) -> None:
    request = make_mocked_request("GET", "/", headers={"Accept-Encoding": header})
    assert accepted(request, ("br", "gzip")) == coding


@pytest.mark.parametrize(
    ("header", "known"),
    [
        ('"a"', True),
        ('W/"a"', True),
        ('"b", "a"', True),
        ("*", True),
        ('"b"', False),
        ('"ab"', False),
        ("a", False),
    ],
)
def test_a_version_is_known_by_any_tag_of_the_list(header: str, known: bool) -> None:
    assert has_already(make_mocked_request("GET", "/", headers={"If-None-Match": header}), '"a"') is known


async def test_pages_come_in_the_coding_that_the_build_has_made(edge: Edge) -> None:
    assets = edge.folder / "dist" / "assets"
    assets.mkdir(parents=True)
    (edge.folder / "dist" / "index.html").write_text("<!doctype html><title>连线</title>")
    (assets / "index-abc.js").write_bytes(b"plain")
    (assets / "index-abc.js.br").write_bytes(b"in brotli")
    (assets / "index-abc.js.gz").write_bytes(b"in gzip")
    tags = set()
    for coding, body, named in [
        ("gzip, br", b"in brotli", "br"),
        ("gzip", b"in gzip", "gzip"),
        ("identity", b"plain", None),
        ("br;q=0", b"plain", None),
    ]:
        status, headers, got = await asked(edge, "/assets/index-abc.js", coding)
        assert (status, got, headers.get("Content-Encoding")) == (200, body, named)
        assert headers["Vary"] == "Accept-Encoding"
        assert headers["Content-Type"] == "text/javascript; charset=utf-8"
        assert headers["Cache-Control"] == "public, max-age=31536000, immutable"
        tags.add(headers["ETag"])
        status, headers, got = await asked(
            edge, "/assets/index-abc.js", coding, If_None_Match=headers["ETag"]
        )
        assert (status, got) == (304, b"")
    assert len(tags) == 3, "each coding has a tag of its own"
    status, headers, got = await asked(edge, "/console", "br")
    assert (status, "Content-Encoding" in headers) == (200, False), "there is none of this page"
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    for name in ("/assets/index-abc.js.br", "/assets/index-abc.js.gz"):
        assert (await asked(edge, name, "br"))[0] == 404


async def test_the_tree_is_sent_once_small_and_only_when_it_is_another(tmp_path: Path) -> None:
    async with running_edge(tmp_path) as edge:
        object.__setattr__(edge.services, "tree", CenterTree(yueyang_centers()))
        leader, county = await edge.person("leader", CITY), await edge.person("leader", COUNTY)
        path = f"/api/v1/centers?subtree={CITY}"
        async with measured_lag() as lag:
            status, headers, packed = await asked(edge, path, "gzip", leader)
        assert lag.worst_s < 0.05
        assert (status, headers["Content-Encoding"]) == (200, "gzip")
        assert headers["Cache-Control"] == "private, no-cache"
        _, plain_headers, plain = await asked(edge, path, "identity", leader)
        assert gzip.decompress(packed) == plain
        assert len(packed) * 5 < len(plain)
        assert len(json.loads(plain)["centers"]) == 2048
        assert headers["ETag"] != plain_headers["ETag"]
        assert "Accept-Encoding" in headers["Vary"]
        status, again, body = await asked(edge, path, "gzip", leader, If_None_Match=headers["ETag"])
        assert (status, body, again["ETag"]) == (304, b"", headers["ETag"])
        status, _, body = await asked(edge, path, "identity", county, If_None_Match=plain_headers["ETag"])
        assert status == 200, "another sees something else"
        assert {center["code"] for center in json.loads(body)["centers"]} == {CITY, COUNTY} | {
            center.code for center in edge.services.tree.subtree(COUNTY)
        }


async def test_reads_are_compressed_where_it_is_worth_it(edge: Edge) -> None:
    leader = await edge.person("leader", CITY)
    for number in range(12):
        await leader.command(
            "meeting.open", title=f"防汛会商第{number}次", kind="dispatch", centers=[VILLAGE]
        )
    status, headers, packed = await asked(edge, "/api/v1/meetings", "gzip, br", leader)
    assert (status, headers["Content-Encoding"], headers["Vary"]) == (200, "gzip", "Accept-Encoding")
    assert headers["Cache-Control"] == "no-store"
    assert len(json.loads(gzip.decompress(packed))["meetings"]) == 12
    status, headers, plain = await asked(edge, "/api/v1/meetings", "", leader)
    assert ("Content-Encoding" in headers, headers["Vary"]) == (False, "Accept-Encoding")
    assert int(headers["Content-Length"]) == len(plain) > 2 * len(packed)
    assert "Content-Encoding" not in (await asked(edge, "/api/v1/session", "gzip", leader))[1]


async def test_what_carries_a_secret_is_never_compressed(edge: Edge) -> None:
    leader = await edge.person("leader", CITY)
    body = {"username": leader.account.username, "password": PASSWORD}
    async with aiohttp.ClientSession(edge.url, headers={"Accept-Encoding": "gzip, br"}) as browser:
        async with browser.post("/api/v1/session", json=body) as answer:
            assert answer.status == 201
            assert "Content-Encoding" not in answer.headers
        targets = {"id": "x" * 64, "kind": "meeting.open", "data": {"title": "防" * 100, "kind": "dispatch"}}
        targets["data"]["centers"] = [VILLAGE]  # type: ignore[index]
        signed_in = {"Authorization": f"Bearer {leader.token}"}
        async with browser.post("/api/v1/commands", json=targets, headers=signed_in) as answer:
            assert answer.status == 200
            assert len(await answer.read()) > 1024
            assert "Content-Encoding" not in answer.headers
