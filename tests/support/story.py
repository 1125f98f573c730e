"""A meeting as it happens, played through a writer: material for tests of what is read and verified."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hub.clock import system_clock, to_wire
from hub.directory.accounts import SYSTEM_ACCOUNT, Account
from hub.ids import new_id
from tests.support.journal import HubWriter, command, join, open_meeting
from tests.support.rules import COUNTY, OTHER_VILLAGE, VILLAGE, account

LEADER = account("leader", "430600000000")
COUNTY_LEADER = account("leader", COUNTY)
VILLAGER = account("station", VILLAGE)
OTHER_VILLAGER = account("station", OTHER_VILLAGE)
CLERK = account("clerk", "430600000000")


#: Entries that one story leaves in the journal, and which of them issues the order.
ENTRIES = 23
ORDER_ISSUED = 12


@dataclass(frozen=True, slots=True)
class Told:
    """Ids of what the story brought about."""

    meeting: str
    recording: str
    part: str
    file: str
    order: str


async def play(writer: HubWriter, recordings: Path, *, end: bool = True) -> Told:
    """City leader convenes county and village; report, order to two villages, decision, note, a recorded part."""
    meeting = await open_meeting(writer, LEADER, COUNTY, VILLAGE)
    await join(writer, meeting, LEADER, COUNTY_LEADER, VILLAGER)

    async def do(who: Account, kind: str, **data: Any) -> str:
        answer = await writer.submit(command(kind, meeting, **data), who)
        made = answer.entries[0].data
        return str(made.get("order") or made.get("recording") or "")

    recording = writer_recording(writer, meeting)
    part, content = new_id("p", system_clock()), b"picture and sound" * 1000
    file = f"{meeting}/{part}.webm"
    (recordings / meeting).mkdir(parents=True)
    (recordings / file).write_bytes(content)
    about = {"recording": recording, "part": part}
    await do(
        SYSTEM_ACCOUNT,
        "recording.part_open",
        **about,
        participant=VILLAGER.id,
        center=VILLAGE,
        name="坦渡村",
        file=file,
        tracks=[{"kind": "video", "codec": "vp8"}, {"kind": "audio", "codec": "opus"}],
        started_at=to_wire(system_clock()),
    )
    await do(VILLAGER, "report.file", situation="abnormal", text="水位上涨 100%,请求_增援")
    await do(LEADER, "stage.broadcast", participant=VILLAGER.id)
    await do(LEADER, "participant.mute", participant=VILLAGER.id)
    order = await do(
        LEADER, "order.issue", text="加强巡查", priority="urgent", targets=[VILLAGE, OTHER_VILLAGE]
    )
    await do(VILLAGER, "order.sign", order=order)
    await do(VILLAGER, "order.progress", order=order, text="正在巡查北堤", percent=40)
    await do(LEADER, "decision.record", text="转移低洼群众")
    await do(CLERK, "note.add", text="会议要点")
    await do(LEADER, "participant.unmute", participant=VILLAGER.id)
    await do(VILLAGER, "order.complete", order=order, text="北堤完好")
    await do(VILLAGER, "meeting.leave")
    await do(
        SYSTEM_ACCOUNT,
        "recording.part_close",
        **about,
        duration_ms=12_345,
        bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )
    if end:
        await do(LEADER, "meeting.end")
    return Told(meeting, recording, part, file, order)


def writer_recording(writer: HubWriter, meeting: str) -> str:
    """The running recording of a meeting."""
    from hub.conference.recording import RunningRecording

    running = writer.state.meetings[meeting].read(RunningRecording).running
    assert running is not None
    return running
