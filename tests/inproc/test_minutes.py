"""Minutes over HTTP: drafted, written by two at once, submitted, returned, approved; versions never change, rights hold."""

from __future__ import annotations

import hashlib
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import docx
import pytest

from hub.minutes.text import MinutesText, canonical
from tests.support.edge import Edge, Person, running_edge
from tests.support.minutes import a_text, asked, submitted
from tests.support.rules import CITY, COUNTY, OTHER_COUNTY, VILLAGE


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[Edge]:
    async with running_edge(tmp_path) as made:
        yield made


@pytest.fixture
async def either(tmp_path: Path, database_url: str) -> AsyncIterator[Edge]:
    """On either database: for what SQL reads and changes."""
    async with running_edge(tmp_path, database_url=database_url) as made:
        yield made


async def held(chair: Person, *, over: bool = True) -> str:
    """A meeting in which something was decided and ordered."""
    opened = await chair.command("meeting.open", title="防汛调度", kind="dispatch", centers=[VILLAGE])
    meeting = str(opened["entries"][0]["meeting"])
    await chair.command("meeting.join", meeting)
    await chair.command("decision.record", meeting, text="转移低洼户")
    await chair.command("order.issue", meeting, text="上堤巡查", targets=[VILLAGE])
    if over:
        await chair.command("meeting.end", meeting)
    return meeting


async def file_of(person: Person, meeting: str, which: str, kind: str) -> tuple[int, bytes, str]:
    path = f"/api/v1/meetings/{meeting}/minutes/texts/{which}/file?format={kind}"
    async with person.http.get(path) as answer:
        return answer.status, await answer.read(), answer.headers.get("Content-Disposition", "")


async def test_from_the_draft_to_a_second_version(either: Edge) -> None:
    edge = either
    chair, clerk = await edge.person("dispatcher", COUNTY), await edge.person("clerk", COUNTY)
    station = await edge.person("station", VILLAGE)
    listening = await edge.listen(chair)
    meeting = await held(chair)
    path = f"/meetings/{meeting}/minutes"
    draft = await clerk.get(f"/api/v1{path}/draft")
    sections = {each["id"]: each for each in draft["text"]["sections"]}
    assert "转移低洼户" in sections["decisions"]["text"]
    assert sections["orders"]["table"]["rows"][0][1] == "上堤巡查"
    (lines,) = [each["lines"] for each in draft["sources"] if each["section"] == "orders"]
    assert lines[0]["seq"] > 0
    english = await clerk.get(f"/api/v1{path}/draft", language="en")
    assert english["text"]["title"] == "Minutes: 防汛调度"

    # the clerk writes; another reads an old text and finds that he is late
    first = await submitted(clerk, meeting, draft["text"])
    told = await listening.until("changed", what="minutes", id=meeting)
    assert told["value"]["state"] == "submitted"
    status, refusal = await asked(chair, "PUT", f"{path}/work", {"rev": first, "text": draft["text"]})
    assert (status, refusal["error"]["code"]) == (409, "wrong_state"), "it waits for the chair"
    await chair.command("minutes.return", meeting, submission=1, reason="补责任单位")
    (returned,) = [
        each for each in (await clerk.get(f"/api/v1{path}"))["steps"] if each["state"] == "returned"
    ]
    assert returned["words"] == "补责任单位"
    better = {**draft["text"], "title": "防汛调度会议纪要（改）"}
    status, late = await asked(clerk, "PUT", f"{path}/work", {"rev": 0, "text": better})
    assert (status, late["error"]["code"]) == (409, "conflict")
    assert (await clerk.get(f"/api/v1{path}/texts/work"))["text"] == draft["text"], "nothing was lost"
    second = await submitted(clerk, meeting, better, rev=first, id="submit-2")
    assert second == first + 1
    status, _ = await asked(station, "GET", f"{path}/texts/submission")
    assert status == 404, "what is not approved is not for all who were called"
    await chair.command("minutes.approve", meeting, submission=2)

    # whoever reads the meeting reads what was approved; its digest is that of its bytes
    book = await station.get(f"/api/v1{path}")
    assert (book["standing"], book["work"], book["can"]) == (None, None, [])
    (version,) = book["versions"]
    read = await station.get(f"/api/v1{path}/texts/1")
    assert read["text"] == better
    assert (
        hashlib.sha256(canonical(MinutesText.model_validate(read["text"]))).hexdigest() == version["digest"]
    )
    status, content, name = await file_of(station, meeting, "1", "docx")
    assert status == 200
    assert "filename*=UTF-8''" in name
    whole = "".join(paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs)
    assert version["digest"] in whole
    assert version["number"] in whole

    # what is put right later is another version, and the first one stands
    body = {"id": "submit-3", "rev": second, "why": ""}
    status, refusal = await asked(clerk, "POST", f"{path}/submission", body)
    assert (status, refusal["error"]["field"]) == (400, "why")
    await submitted(clerk, meeting, a_text(decisions="更正"), rev=second, why="更正责任单位", id="submit-4")
    await chair.command("minutes.approve", meeting, submission=3)
    book = await clerk.get(f"/api/v1{path}")
    assert [each["version"] for each in book["versions"]] == [1, 2]
    assert book["versions"][1]["why"] == "更正责任单位"
    assert (await clerk.get(f"/api/v1{path}/texts/1"))["text"] == better
    status, content, _ = await file_of(clerk, meeting, "2", "pdf")
    assert (status, content[:5]) == (200, b"%PDF-")
    listed = await clerk.get("/api/v1/minutes", state="approved")
    assert [(each["id"], each["version"]) for each in listed["minutes"]] == [(meeting, 2)]


async def test_rights_of_what_is_being_written(edge: Edge) -> None:
    chair = await edge.person("dispatcher", COUNTY)
    meeting = await held(chair)
    path = f"/meetings/{meeting}/minutes"
    station, stranger = await edge.person("station", VILLAGE), await edge.person("leader", OTHER_COUNTY)
    auditor, above = await edge.person("audit_admin", CITY), await edge.person("clerk", CITY)
    await asked(chair, "PUT", f"{path}/work", {"rev": 0, "text": a_text()})
    walks: list[tuple[Person, str, str, Any, int]] = [
        (station, "GET", f"{path}/draft", None, 403),
        (station, "PUT", f"{path}/work", {"rev": 1, "text": a_text()}, 403),
        (station, "GET", f"{path}/texts/work", None, 404),
        (stranger, "GET", path, None, 404),
        (stranger, "GET", f"{path}/texts/work", None, 404),
        (stranger, "PUT", f"{path}/work", {"rev": 1, "text": a_text()}, 404),
        (auditor, "GET", f"{path}/texts/work", None, 200),
        (auditor, "PUT", f"{path}/work", {"rev": 1, "text": a_text()}, 403),
        (above, "GET", f"{path}/texts/work", None, 200),
        (above, "POST", f"{path}/submission", {"id": "x", "rev": 1, "why": ""}, 403),
        (chair, "GET", f"{path}/texts/2", None, 404),
        (chair, "GET", f"{path}/texts/..%2F..%2Fetc", None, 404),
        (chair, "PUT", f"{path}/work", {"rev": 1, "text": {**a_text(), "sections": []}}, 400),
        (chair, "PUT", f"{path}/work", {"rev": 1, "text": a_text(decisions="长" * 20_001)}, 400),
        (chair, "PUT", f"{path}/work", {"rev": 1}, 400),
        (chair, "POST", f"{path}/submission", {"id": "x", "rev": 9, "why": ""}, 409),
    ]
    for person, method, where, body, expected in walks:
        status, answer = await asked(person, method, where, body)
        assert status == expected, f"{person.account.role} {method} {where}: {status} {answer}"
    for who, status in ((station, 404), (stranger, 404), (above, 200)):
        found, content, _ = await file_of(who, meeting, "work", "docx")
        assert found == status
        if found == 200:
            header = docx.Document(io.BytesIO(content)).sections[0].header
            assert "草稿" in header.paragraphs[0].text
    async with chair.http.put(f"/api/v1{path}/work", data=io.BytesIO(b"[" * 3_000_000)) as large:
        assert large.status == 413


async def test_of_a_running_meeting_there_is_a_draft_but_nothing_is_submitted(edge: Edge) -> None:
    chair = await edge.person("dispatcher", COUNTY)
    meeting = await held(chair, over=False)
    draft = await chair.get(f"/api/v1/meetings/{meeting}/minutes/draft")
    assert any("尚未结束" in each["value"] for each in draft["text"]["head"])
    path = f"/meetings/{meeting}/minutes"
    _, saved = await asked(chair, "PUT", f"{path}/work", {"rev": 0, "text": draft["text"]})
    status, refusal = await asked(chair, "POST", f"{path}/submission", {"id": "x", "rev": saved["rev"]})
    assert (status, refusal["error"]["code"]) == (409, "wrong_state")
