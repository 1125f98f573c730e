"""Minutes in tests: a text, and a person who writes, submits and approves it over HTTP."""

from __future__ import annotations

from typing import Any

from tests.support.edge import Person


def a_text(title: str = "会后会议纪要", **sections: str) -> dict[str, Any]:
    """A small text with these sections."""
    made = [
        {"id": id, "title": id, "text": text, "table": None}
        for id, text in (sections or {"decisions": "1. 转移低洼户 [00:12:47]"}).items()
    ]
    return {"language": "zh", "title": title, "head": [{"label": "主席", "value": "某"}], "sections": made}


async def asked(person: Person, method: str, path: str, body: Any = None) -> tuple[int, dict[str, Any]]:
    """Status and answer of a call of the API, below `/api/v1`."""
    async with person.http.request(method, f"/api/v1{path}", json=body) as answer:
        return answer.status, await answer.json()


async def submitted(
    writer: Person, meeting: str, text: dict[str, Any], *, rev: int = 0, why: str = "", id: str = "submit-1"
) -> int:
    """Saved and put before the chair; the rev that was saved."""
    status, saved = await asked(
        writer, "PUT", f"/meetings/{meeting}/minutes/work", {"rev": rev, "text": text}
    )
    assert status == 200, saved
    body = {"id": id, "rev": saved["rev"], "why": why}
    status, taken = await asked(writer, "POST", f"/meetings/{meeting}/minutes/submission", body)
    assert status == 200, taken
    return int(saved["rev"])


async def approved_minutes(chair: Person, meeting: str) -> None:
    """The chair's own, written, submitted and approved."""
    await submitted(chair, meeting, a_text())
    await chair.command("minutes.approve", meeting, submission=1)
