"""A draft of minutes: what the entries of a meeting give, section by section, each line at its second."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import Any

import pytest

from hub.clock import to_wire
from hub.directory.accounts import SYSTEM_ACCOUNT
from hub.gates import signature_of
from hub.minutes.draft import drafted, sources, text_of
from hub.minutes.facts import KINDS, Drafted, Facts, time_code
from hub.minutes.text import MinutesText, canonical
from hub.minutes.who import minutes_present
from hub.minutes.words import WORDS
from hub.rules import replay
from hub.shapes import Author
from signaling.http_roll_calls import told_by
from tests.support.rules import CITY, COUNTY, OTHER_COUNTY, OTHER_VILLAGE, TREE, VILLAGE, World, account

CHAIR, STATION, OTHER = (
    account("leader", CITY),
    account("station", VILLAGE),
    account("station", OTHER_VILLAGE),
)
SECOND = account("station", VILLAGE, number=1)
NO_DOCUMENTS: dict[str, Any] = {"orders": [], "reports": [], "decisions": [], "notes": []}


class Session(World):
    """A meeting of the city; what happens in it is what a test says."""

    def __init__(self) -> None:
        super().__init__()
        self.meeting = self.open(CHAIR, VILLAGE, OTHER_VILLAGE, COUNTY)
        self.do(CHAIR, "meeting.join", self.meeting)

    def later(self, **span: int) -> None:
        self.now += timedelta(**span)

    def facts(self, **given: Any) -> Facts:
        meeting = replay(self.entries, self.meeting)
        assert meeting is not None
        whole: dict[str, Any] = {
            "meeting": meeting,
            "entries": [entry for entry in self.entries if entry.kind in KINDS],
            "documents": NO_DOCUMENTS,
            "roll_calls": told_by(self.entries, self.meeting),
            "recordings": [],
            "incidents": [],
            "clerk": Author.model_validate(signature_of(account("clerk", CITY), TREE)),
            "tree": TREE,
            "zone": UTC,
            "now": self.now,
        }
        return Facts(**{**whole, **given})

    def sections(self, **given: Any) -> dict[str, Drafted]:
        return {section.id: section for section in drafted(self.facts(**given))}

    def text(self, **given: Any) -> MinutesText:
        facts = self.facts(**given)
        return text_of(facts, drafted(facts))


def said(section: Drafted) -> str:
    return "\n".join([section.intro, *(line.text for line in section.lines if line.cells is None)])


def test_both_languages_say_the_same_with_the_same_places() -> None:
    assert WORDS["zh"].keys() == WORDS["en"].keys()
    for key, words in WORDS["zh"].items():
        places = {part.split("}")[0] for part in words.split("{")[1:]}
        assert places == {part.split("}")[0] for part in WORDS["en"][key].split("{")[1:]}, key


def test_minutes_present_are_those_in_which_anybody_of_a_center_was_there() -> None:
    session = Session()
    for who, minutes in ((STATION, 10), (SECOND, 5)):
        session.do(who, "meeting.join", session.meeting)
        session.later(minutes=minutes)
    session.do(STATION, "meeting.leave", session.meeting)
    session.later(minutes=5)
    session.do(SECOND, "meeting.leave", session.meeting)
    session.later(minutes=60)
    session.do(STATION, "meeting.join", session.meeting)
    session.later(minutes=3)
    session.do(CHAIR, "meeting.end", session.meeting)
    session.later(hours=5)
    present = minutes_present(session.facts())
    assert round(present[VILLAGE] / timedelta(minutes=1)) == 20 + 3, (
        "two at once are one; after the end is no time"
    )


def test_attendance_names_who_was_called_and_did_not_come_and_why() -> None:
    session = Session()
    session.do(STATION, "meeting.join", session.meeting)
    session.do(STATION, "meeting.sign_in", session.meeting, name="李某", duty="值班长")
    session.do(OTHER, "meeting.decline", session.meeting, reason="handling")
    session.later(minutes=30)
    session.do(CHAIR, "meeting.end", session.meeting)
    section = session.sections()["attendance"]
    assert "应到 3 个中心，实到 1 个，缺席 2 个" in section.intro
    assert "未到：长岭社区（拒接，正在处置）" in said(section)
    assert "未到：临湘市（未应答，呼叫 1 次）" in said(section)
    (row,) = [line.cells for line in section.lines if line.cells and line.cells[0] == "坦渡村"]
    assert row[2] == "值班长 李某"
    assert row[5] == "30"


def test_a_roll_call_says_who_answered_what_and_when_and_its_all_normal_is_no_report() -> None:
    session = Session()
    for who in (STATION, OTHER):
        session.do(who, "meeting.join", session.meeting)
    session.do(CHAIR, "roll_call.begin", session.meeting, centers=[VILLAGE, OTHER_VILLAGE])
    session.do(STATION, "roll_call.answer", session.meeting, situation="normal")
    session.do(CHAIR, "roll_call.call", session.meeting, center=OTHER_VILLAGE)
    session.do(OTHER, "roll_call.answer", session.meeting, situation="abnormal", text="水位上涨")
    session.do(CHAIR, "roll_call.finish", session.meeting)
    filed = [entry for entry in session.entries if entry.kind == "report.filed"]
    reports = [
        {**dict(entry.data), "id": entry.data["report"], "at": to_wire(entry.at), "persons": 3}
        for entry in filed
    ]
    found = session.sections(documents={**NO_DOCUMENTS, "reports": reports})
    roll = found["roll_call"]
    assert "共 2 个，应答 2 个（有情况 1 个）" in roll.lines[0].text
    rows = [line.cells for line in roll.lines if line.cells]
    assert [row[1:4] for row in rows] == [("坦渡村", "应答", "一切正常"), ("长岭社区", "应答", "有情况")]
    (line,) = found["reports"].lines
    assert "水位上涨；涉及 3 人" in line.text
    assert line.seq == filed[1].seq
    assert line.at_ms is not None


def test_orders_stand_with_due_signing_and_how_far_they_are_as_of_now() -> None:
    session = Session()
    session.later(minutes=12, seconds=45)
    (issued,) = session.do(CHAIR, "order.issue", session.meeting, text="转移\n低洼户", targets=[VILLAGE])
    session.later(hours=3)
    target = {
        "center": VILLAGE,
        "name": "坦渡村",
        "state": "in_progress",
        "signed_at": to_wire(issued.at + timedelta(minutes=1)),
        "signed_by": "李某",
        "completed_at": None,
        "percent": 40,
    }
    order = {
        "id": issued.data["order"],
        "number": issued.data["number"],
        "text": "转移\n低洼户",
        "due": to_wire(issued.at + timedelta(hours=1)),
        "issued_at": to_wire(issued.at),
        "targets": [target],
    }
    section = session.sections(documents={**NO_DOCUMENTS, "orders": [order]})["orders"]
    (row,) = section.lines
    assert row.cells is not None
    assert row.cells[0].startswith(str(issued.data["number"]))
    assert row.cells[1:] == ("转移 低洼户", "坦渡村", "09:12:48", "08:13:48、李某", "", "办理中 40%、超期")
    assert row.seq == issued.seq
    assert section.intro == f"以下进度截至 {session.now:%Y-%m-%d %H:%M}。"


def test_statements_pauses_and_decisions_stand_at_their_second() -> None:
    session = Session()
    session.do(STATION, "meeting.join", session.meeting)
    session.do(STATION, "floor.request", session.meeting)
    session.do(CHAIR, "floor.grant", session.meeting, participant=STATION.id)
    session.later(minutes=2)
    session.do(STATION, "floor.release", session.meeting)
    session.do(CHAIR, "meeting.pause", session.meeting, reason="休息")
    session.later(minutes=9)
    session.do(CHAIR, "meeting.resume", session.meeting)
    decision: dict[str, Any] = {
        "id": "d_1",
        "text": "启动三级响应",
        "state": "confirmed",
        "at": to_wire(session.now),
    }
    by = signature_of(CHAIR, TREE)
    decision |= {"by": by, "confirmed_by": by, "confirmed_at": to_wire(session.now), "amended_by": None}
    decision |= {"responsible": [{"center": COUNTY, "name": "临湘市"}]}
    draft = {**decision, "id": "d_2", "text": "未定", "state": "draft"}
    found = session.sections(documents={**NO_DOCUMENTS, "decisions": [decision, draft]})
    assert "坦渡村 坦渡村station 发言 2 分" in said(found["statements"])
    assert "暂停 9 分 1 秒（岳阳市leader；休息）" in said(found["pauses"])
    assert "启动三级响应（岳阳市leader" in said(found["decisions"])
    assert "责任单位：临湘市" in said(found["decisions"])
    assert "未定" not in said(found["decisions"]), "what nobody confirmed was not decided"


def test_the_text_carries_time_codes_and_its_bytes_are_the_same_each_time() -> None:
    session = Session()
    note = {"text": "此处\n重要", "by": signature_of(CHAIR, TREE), "at": to_wire(session.now), "id": "n_1"}
    facts = session.facts(documents={**NO_DOCUMENTS, "notes": [note]})
    text = text_of(facts, drafted(facts))
    (notes,) = [section for section in text.sections if section.id == "notes"]
    assert notes.text == "岳阳市leader：此处 重要 [00:00:01]"
    assert canonical(text) == canonical(text_of(facts, drafted(facts)))
    assert {each["section"] for each in sources(drafted(facts))} >= {"attendance", "notes"}


def test_marks_stand_as_they_were_said_last_and_pictures_at_their_moment() -> None:
    session = Session()
    session.later(seconds=9)
    now = to_wire(session.now)
    session.do(CHAIR, "mark.add", session.meeting, at=now, kind="doubt", text="水位存疑")
    session.do(CHAIR, "mark.add", session.meeting, at=now, kind="point", text="写错了")
    first, second = (entry.data["mark"] for entry in session.entries if entry.kind == "mark.added")
    session.do(CHAIR, "mark.change", session.meeting, mark=first, at=now, kind="task", text="复核水位")
    session.do(CHAIR, "mark.withdraw", session.meeting, mark=second)
    options = {"at_ms": 9_000, "participant": STATION.id}
    session.do(CHAIR, "job.ask", session.meeting, kind="picture", options=options)
    job = session.entries[-1].data["job"]
    files = [{"name": name, "bytes": 9, "sha256": name[0] * 64} for name in ("c.json", "picture.png")]
    files[1]["sha256"] = "a" * 64
    told = {"at_ms": 8_960, "name": "坦渡村", "source": "camera"}
    session.do(SYSTEM_ACCOUNT, "job.note_done", job=job, files=files, told=told, took_ms=1)
    text = {section.id: section for section in session.text().sections}
    assert text["notes"].text == "【待办】岳阳市leader：复核水位 [00:00:10]"
    (picture,) = text["pictures"].pictures
    assert (picture.job, picture.sha256, picture.caption, picture.at_ms) == (
        job,
        "a" * 64,
        "坦渡村 画面",
        8_960,
    )
    (line,) = next(
        each["lines"] for each in sources(drafted(session.facts())) if each["section"] == "pictures"
    )
    assert line["picture"] == picture.model_dump(mode="json")


def test_a_drill_says_so_and_an_unfinished_recording_too() -> None:
    session = Session()
    part = {"center": VILLAGE, "name": "李某", "started_at": to_wire(session.now), "duration_ms": None}
    recording = {"parts": [{**part, "sha256": None, "state": "recording"}]}
    facts = session.facts(recordings=[recording])
    facts.meeting.drill = True
    text = text_of(facts, drafted(facts))
    assert text.title.startswith("【演练】")
    assert any("不计入统计" in section.text for section in text.sections)
    (recorded,) = [section.table for section in text.sections if section.id == "recordings"]
    assert recorded is not None
    assert recorded.rows[0][3] == "未写完"


def test_a_city_that_came_at_once_still_fits() -> None:
    session = Session()
    facts = session.facts(
        documents={
            **NO_DOCUMENTS,
            "notes": [
                {
                    "text": "长" * 400,
                    "by": signature_of(CHAIR, TREE),
                    "at": to_wire(session.now),
                    "id": f"n_{place}",
                }
                for place in range(3000)
            ],
        }
    )
    text = text_of(facts, drafted(facts))
    (notes,) = [section for section in text.sections if section.id == "notes"]
    assert notes.text.endswith("条，见会议记录。")


@pytest.mark.parametrize(
    ("ms", "code"), [(0, "[00:00:00]"), (3_661_999, "[01:01:01]"), (360_000_000, "[100:00:00]")]
)
def test_a_time_code_counts_from_the_opening(ms: int, code: str) -> None:
    assert time_code(ms) == code


def test_a_called_center_elsewhere_is_named_by_its_code_if_it_is_gone() -> None:
    session = Session()
    assert session.facts().name("000000000000") == "000000000000"
    assert session.facts().name(OTHER_COUNTY) == "岳阳县"
