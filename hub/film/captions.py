"""The words beside a film: chapters to jump to, and lines of what happens, from the entries that all in the meeting may read.

They are Chinese, as what the film itself shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from hub.entry import EVERYONE_IN_MEETING, Entry
from recordings.film.scenes import Chapter, Cue

#: A line stands so long, or until the next one (ms).
CUE_MS: Final = 6_000
#: Chapters nearer to each other than this are one (ms).
NEAR_MS: Final = 1_000
MOST_CHAPTERS: Final = 500
_LONGEST: Final = 80


class _Names:
    """Who is meant by an id, as far as entries told by then."""

    def __init__(self) -> None:
        self._people: dict[str, str] = {}
        self._centers: dict[str, str] = {}

    def learn(self, entry: Entry) -> None:
        who = entry.data.get("participant")
        if entry.kind in ("camera.brought", "phone.called") and isinstance(who, dict):
            self._people[who["id"]] = str(who["name"])
        if entry.kind == "meeting.joined" and isinstance(who, dict):
            self._people[who["id"]] = f"{who['center_name']} {who['name']}"
            self._centers[who["center"]] = who["center_name"]

    def person(self, id: object) -> str:
        return self._people.get(str(id), "")

    def center(self, code: object) -> str:
        return self._centers.get(str(code), "")


def _said(entry: Entry, names: _Names) -> tuple[str, bool] | None:
    """What an entry is called, and whether it is a chapter; None for one that is not told."""
    data = entry.data
    match entry.kind:
        case "meeting.ended":
            return "会议结束", True
        case "meeting.paused":
            return "会议暂停", True
        case "meeting.resumed":
            return "会议继续", True
        case "roll_call.begun":
            return "开始点名", True
        case "roll_call.called":
            return f"点名：{data.get('name') or names.center(data.get('center'))}", True
        case "roll_call.finished":
            return "点名结束", True
        case "stage.broadcast":
            who = names.person(data["participant"])
            return (f"主画面：{who}", data.get("because", "chair") == "chair") if who else None
        case "floor.granted" | "talk.begun":
            who = names.person(data["participant"])
            return (f"发言：{who}", entry.kind == "floor.granted") if who else None
        case "stage.second":
            who = names.person(data["participant"])
            return (f"共享屏幕：{who}", True) if who else None
        case "order.issued":
            return f"指令 {data.get('number', '')}：{data['text']}", True
        case "decision.recorded":
            word = "决策" if data.get("state", "confirmed") == "confirmed" else "决策（草案）"
            return f"{word}：{data['text']}", True
        case "report.filed" if data["situation"] == "abnormal":
            return f"有情况 {data['name']}：{data['text']}", True
        case "banner.shown":
            return f"横幅：{data.get('text', '')}", False
        case "note.added":
            return f"标记：{data['text']}", False
    return None


def _told(entries: Iterable[Entry], began_at: float, length: int) -> Iterable[tuple[int, str, bool]]:
    names = _Names()
    for entry in entries:
        names.learn(entry)
        if EVERYONE_IN_MEETING not in entry.audience:
            continue
        said = _said(entry, names)
        ms = round(entry.at.timestamp() * 1000 - began_at)
        if said is not None and ms < length:
            text = " ".join(said[0].split())
            yield max(0, ms), text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…", said[1]


def chapters_of(entries: Sequence[Entry], began_at: float, length: int) -> tuple[Chapter, ...]:
    """From the beginning on, in the order of their moments. `began_at`: ms since 1970 of the first picture."""
    chapters = [Chapter(0, "会议开始")]
    for ms, text, is_chapter in sorted(_told(entries, began_at, length), key=lambda each: each[0]):
        if not is_chapter or len(chapters) >= MOST_CHAPTERS:
            continue
        if ms - chapters[-1].at_ms < NEAR_MS:
            if chapters[-1].at_ms > 0 or len(chapters) > 1:
                chapters[-1] = Chapter(chapters[-1].at_ms, text)
        else:
            chapters.append(Chapter(ms, text))
    return tuple(chapters)


def cues_of(entries: Sequence[Entry], began_at: float, length: int) -> tuple[Cue, ...]:
    """One line at a time."""
    told = sorted(_told(entries, began_at, length), key=lambda each: each[0])
    ends = [*(ms for ms, _, _ in told[1:]), length][: len(told)]
    return tuple(
        Cue(ms, min(ms + CUE_MS, max(end, ms + 1), length), text)
        for (ms, text, _), end in zip(told, ends, strict=True)
    )
